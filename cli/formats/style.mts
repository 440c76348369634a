/**
 * Styling text, or not.
 */
import { styleText } from 'node:util'

export type Style = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string) => string

/** Returns a function that styles text if colours are wanted. */
export function styler(colors: boolean): Style {
  return colors ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text
}
