// The end of a process with a thread that does not end.
import { native } from './native.js'

/** Ends this process, and its threads in whatever they are doing. What is still to be written is lost. */
export function endWithThreads(code: number): never {
  return native().endProcess(code)
}
