// The completion script for fish.

import type { OptionDef } from '../options/table.js'
import { FIRST_WORDS, helpWords, type Mode, namesFor, type Words } from './words.js'

const quote = (s: string) => `'${s.replace(/['\\]/g, '\\$&')}'`

/** The complete script. */
export function fishScript(modes: readonly Mode[], words: Words): string {
  const named = modes.map((m) => m.word).filter((w) => w !== '')
  return `# fish completion for ksys: ksys --completion fish > ~/.config/fish/completions/ksys.fish
set -g __ksys_fields ${words.fields.join(' ')}
set -g __ksys_events ${words.events.join(' ')}

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
complete -c ksys -n 'test (count (commandline -opc)) -eq 1' -a ${quote(FIRST_WORDS.join(' '))}
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
    topic: [
      `complete -c ksys -n '__ksys_mode ${m.word}; and test (count (commandline -opc)) -eq 2' -a ${quote(helpWords(words).join(' '))}`,
    ],
    none: [],
  }[m.rest]
  return [...options, ...rest].join('\n')
}

function argumentOf(o: OptionDef, words: Words): string {
  if (o.value === undefined) return ''
  const names = namesFor(o, words)
  if (names !== undefined) return ` -x -a ${quote(names.join(' '))}`
  return o.complete === 'format' ? " -x -a '(__ksys_format)'" : o.complete === 'file' ? ' -r -F' : ' -x'
}
