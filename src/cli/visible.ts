// Messages quote what users, files and kernels say; nothing in them may drive the terminal.
import { HOSTILE } from '../model/hostile.js'

const UNSAFE = new RegExp(`[\\0-\\x08\\x0b-\\x1f${HOSTILE}]`, 'g')

/** The text with every control character but line ends and tabs shown as \xNN, and what changes the direction as \uNNNN. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const code = c.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
