// The addon for whoever cannot do without it: why it does not load here, in a sentence.
import { whyNot } from './addon-trouble.js'
import { LiveError } from './live-error.js'
import { type Native, native } from './native.js'

/**
 * The addon.
 * @throws LiveError (ENOADDON) that says why it does not load
 */
export function addon(): Native {
  try {
    return native()
  } catch (e) {
    throw new LiveError('ENOADDON', `live capture needs ksys's native addon, ${whyNot(e)}`, (e as Error).message)
  }
}
