// Reads doc comments into blocks, and writes blocks as doc comments.

/**
 * @typedef {object} DocBlock one paragraph, list item, tag or code block of a doc comment
 * @property {string} [tag] the tag that the block begins with, such as `@param`
 * @property {string} [text] the text of the block in one line, with its tag
 * @property {string} [code] the code between the fences
 * @property {string} [fence] the opening fence, such as ```ts
 * @property {boolean} [blank] whether the block is an empty line
 */

/** @returns {DocBlock[]} the blocks of a comment, given with its delimiters */
export function docBlocks(comment) {
  const lines = comment
    .replace(/^\/\*\*[ \t]?/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map(line => line.replace(/^[ \t]*\*[ \t]?/, '').trimEnd())
  while (lines[0] === '') lines.shift()
  const blocks = []
  let code
  let open = false
  for (const line of lines) {
    if (code !== undefined) {
      if (line.trim() === '```') {
        blocks.push({ code: code.lines.join('\n'), fence: code.fence })
        code = undefined
        open = false
      } else code.lines.push(line)
      continue
    }
    const tag = line.match(/^@\w+/)?.[0]
    if (line.startsWith('```')) code = { fence: line, lines: [] }
    else if (line === '') {
      blocks.push({ blank: true })
      open = false
    } else if (open && tag === undefined && !line.startsWith('- ')) {
      blocks.at(-1).text += ` ${line.trim()}`
    } else {
      blocks.push({ ...(tag === undefined ? {} : { tag }), text: line })
      open = tag !== '@example'
    }
  }
  return blocks
}

/** Writes blocks as a comment that begins at `column` and is wrapped at `width`. */
export function docComment(blocks, column, width) {
  const used = blocks.slice(
    blocks.findIndex(block => !block.blank),
    blocks.findLastIndex(block => !block.blank) + 1,
  )
  const [only] = used
  if (used.length === 1 && only.text !== undefined && column + only.text.length + 7 <= width)
    return `/** ${only.text} */`
  const indent = ' '.repeat(column)
  const lines = used.flatMap(block => {
    if (block.blank) return ['']
    if (block.code !== undefined) return [block.fence, ...block.code.split('\n'), '```']
    const continuation = block.tag !== undefined || block.text.startsWith('- ') ? '  ' : ''
    return wrap(block.text, width - column - 3, continuation)
  })
  return ['/**', ...lines.map(line => `${indent} * ${line}`.trimEnd()), `${indent} */`].join('\n')
}

function wrap(text, width, continuation) {
  const lines = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line === '') line = word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = continuation + word
    }
  }
  return [...lines, line]
}
