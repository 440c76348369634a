// One fresh process of the import suite: `import-probe.cjs <module>` prints the ms that its require took; without a
// module it is the bare process that others are compared with.
const name = process.argv[2]
const start = process.hrtime.bigint()
if (name !== undefined) require(name)
console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - start) / 1e6 }))
// A client whose import alone keeps the process alive is measured, too.
process.exit(0)
