// Regular expressions in linear time, whatever the pattern and the text.
import { RE2JS } from 're2js'

/** Compiles a pattern that must match a whole text; `.` matches newlines too. Throws an Error with what is wrong in it. */
export function regexTest(pattern: string): (text: string) => boolean {
  const re = RE2JS.compile(pattern, RE2JS.DOTALL | RE2JS.LONGEST_MATCH)
  return (text) => re.testExact(text)
}

/** What is wrong with a pattern, undefined when it compiles. */
export function regexError(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern, RE2JS.DOTALL | RE2JS.LONGEST_MATCH)
    return undefined
  } catch (e) {
    const message = e instanceof Error ? e.message : String(e)
    return message.replace(/^error parsing regexp: /, '')
  }
}
