import { type ExecFileOptions, execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/**
 * Runs a program to its end, and returns what it printed. If it fails, the message of the error ends with the output:
 * test runners report failures there, and Node.js itself adds the other stream only.
 */
export async function runFile(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  try {
    return await execute(program, [...args], { maxBuffer: 16 << 20, ...options, encoding: 'utf8' })
  } catch (error) {
    const stdout = String((error as { stdout?: unknown }).stdout ?? '')
    if (error instanceof Error && stdout !== '') error.message += `\n${stdout.slice(-8000)}`
    throw error
  }
}
