// Regular expressions in linear time, whatever the pattern and the text.
import { createRequire } from 'node:module'

type Re2 = typeof import('re2js')

let loaded: Re2['RE2JS'] | undefined

/** Loaded when the first pattern is met: most filters have none. */
function compile(pattern: string) {
  loaded ??= (createRequire(import.meta.url)('re2js') as Re2).RE2JS
  return loaded.compile(pattern, loaded.DOTALL | loaded.LONGEST_MATCH)
}

/** Compiles a pattern that must match a whole text; `.` matches newlines too. Throws an Error with what is wrong in it. */
export function regexTest(pattern: string): (text: string) => boolean {
  const re = compile(pattern)
  return (text) => re.testExact(text)
}

/** What is wrong with a pattern, undefined when it compiles. */
export function regexError(pattern: string): string | undefined {
  try {
    compile(pattern)
    return undefined
  } catch (e) {
    const message = e instanceof Error ? e.message : String(e)
    // the library's own flags stand before the pattern
    return message.replace(/^error parsing regexp: /, '').replace('`(?s)', '`')
  }
}
