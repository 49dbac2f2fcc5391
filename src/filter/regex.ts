// Regular expressions (RE2) in linear time for any pattern and text.
import { createRequire } from 'node:module'

type Re2 = typeof import('re2js')

let loaded: Re2['RE2JS'] | undefined

/** Loaded for the first pattern: most filters have none. */
function compile(pattern: string) {
  loaded ??= (createRequire(import.meta.url)('re2js') as Re2).RE2JS
  return loaded.compile(pattern, loaded.DOTALL | loaded.LONGEST_MATCH)
}

/**
 * Compiles a pattern that must match a whole text; `.` matches newlines too. Throws an Error that describes what is
 * wrong.
 */
export function regexTest(pattern: string): (text: string) => boolean {
  const re = compile(pattern)
  return (text) => re.testExact(text)
}

/** What is wrong with a pattern; undefined if it compiles. */
export function regexError(pattern: string): string | undefined {
  try {
    compile(pattern)
    return undefined
  } catch (e) {
    const message = e instanceof Error ? e.message : String(e)
    // the library adds its own flags before the pattern
    return message.replace(/^error parsing regexp: /, '').replace('`(?s)', '`')
  }
}
