// The completion script for fish.

import type { OptionDef } from '../options/table.js'
import { type Described, describedFor, FIRST_WORDS, type Mode, namesFor, type Words } from './words.js'

const quote = (s: string) => `'${s.replace(/['\\]/g, '\\$&')}'`

/** Elements of a list, each a word and after a tab what it means, as fish shows them. */
const list = (words: readonly Described[]) =>
  words.map(({ word, summary }) => quote(summary === undefined ? word : `${word}\t${summary}`)).join(' ')

/** The complete script. */
export function fishScript(modes: readonly Mode[], words: Words): string {
  const named = modes.map((m) => m.word).filter((w) => w !== '')
  return `# fish completion for ksys: ksys --completion fish > ~/.config/fish/completions/ksys.fish
set -g __ksys_fields ${words.fields.join(' ')}
set -g __ksys_events ${words.events.join(' ')}
set -g __ksys_chisels ${list(words.chisels)}
set -g __ksys_views ${list(words.views)}

# Whether the subcommand is $argv[1]; without an argument, whether there is no subcommand.
function __ksys_mode
    set -l typed (commandline -opc)
    set -l first ''
    test (count $typed) -ge 2; and contains -- $typed[2] ${named.join(' ')}; and set first $typed[2]
    test "$first" = "$argv[1]"
end

# The words after --; false if there is no --.
function __ksys_behind
    set -l typed (commandline -opc)
    set -l at (contains -i -- -- $typed); or return
    set -e typed[1..$at]
    string escape -- $typed
    return 0
end

function __ksys_command
    complete -C (string join ' ' (__ksys_behind) (commandline -ct))
end

# The start of the current word, up to the last of the characters $argv[1].
function __ksys_head
    string replace -r -- "[^$argv[1]]*\\$" '' (commandline -ct | string trim -l -c '"\\'')
end

function __ksys_filter
    set -l head (__ksys_head ' (,')
    printf '%s\\n' $head$__ksys_fields "$head"evt.type=$__ksys_events
    string match -qr 'evt\\.type +in *\\([^)]*$' -- "$head"; and printf '%s\\n' $head$__ksys_events
    return 0
end

function __ksys_format
    set -l head (__ksys_head '%')
    test -n "$head"; or set head %
    printf '%s\\n' $head$__ksys_fields
end

complete -c ksys -f
${modes.map((m) => ofMode(m, words)).join('\n')}
${offering('', 1, FIRST_WORDS)}
`
}

function ofMode(m: Mode, words: Words): string {
  const when = `complete -c ksys -n '__ksys_mode ${m.word}'`
  const options = m.options.map((o) => {
    const short = o.short ? ` -s ${o.short}` : ''
    return `${when}${short} -l ${o.long}${argumentOf(o, words)} -d ${quote(o.doc)}`
  })
  const filter = `complete -c ksys -n '__ksys_mode ${m.word}; and not __ksys_behind' -a '(__ksys_filter)'`
  const rest = {
    filter: [filter],
    command: [filter, `complete -c ksys -n '__ksys_mode ${m.word}; and __ksys_behind' -a '(__ksys_command)'`],
    file: [`${when} -F`],
    none: [],
  }[m.rest]
  return [...options, offering(m.word, 2, m.second), ...rest].filter((line) => line !== '').join('\n')
}

/** Offers words where so many words precede; '' if there are none. */
function offering(mode: string, before: number, words: readonly Described[]): string {
  if (words.length === 0) return ''
  const when = `__ksys_mode ${mode}; and test (count (commandline -opc)) -eq ${before}`
  return `complete -c ksys -n ${quote(when)} -a ${quote(`(printf '%s\\n' ${list(words)})`)}`
}

function argumentOf(o: OptionDef, words: Words): string {
  if (o.value === undefined) return ''
  const described = describedFor(o)
  if (described !== undefined) return ` -x -a '(printf "%s\\n" $__ksys_${described})'`
  const names = namesFor(o, words)
  if (names !== undefined) return ` -x -a ${quote(names.join(' '))}`
  return o.complete === 'format' ? " -x -a '(__ksys_format)'" : o.complete === 'file' ? ' -r -F' : ' -x'
}
