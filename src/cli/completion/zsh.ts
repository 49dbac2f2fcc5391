// The completion script for zsh, which can be stored in fpath or evaluated.

import type { OptionDef } from '../options/table.js'
import { type Described, describedFor, FIRST_WORDS, type Mode, namesFor, spellings, type Words } from './words.js'

const quote = (s: string) => `'${s.replace(/'/g, "'\\''")}'`

/** Elements of an array for _describe: each a word and after a colon what it means. */
const list = (words: readonly Described[]) =>
  words.map(({ word, summary }) => quote(summary === undefined ? word : `${word}:${summary}`)).join(' ')

/** The complete script. */
export function zshScript(modes: readonly Mode[], words: Words): string {
  return `#compdef ksys
# zsh completion for ksys: ksys --completion zsh > "\${fpath[1]}/_ksys", or eval "$(ksys --completion zsh)"
_ksys_fields=(${words.fields.join(' ')})
_ksys_events=(${words.events.join(' ')})
_ksys_chisels=(${list(words.chisels)})
_ksys_views=(${list(words.views)})
_ksys_commands=(${list(FIRST_WORDS)})
${modes
  .filter((m) => m.second.length > 0)
  .map((m) => `_ksys_${m.word}_commands=(${list(m.second)})`)
  .join('\n')}

_ksys_filter() {
  # the words of a quoted filter are completed separately
  compset -P '*[[:blank:](,]'
  if compset -P 'evt.type(!=|=)' || [[ $IPREFIX == *evt.type*in*\\(* ]]; then
    compadd -- $_ksys_events
  else
    # an operator follows a field
    compadd -S '' -- $_ksys_fields
  fi
}

_ksys_command() {
  local at=\${words[(i)--]}
  if (( at < CURRENT )); then
    shift $at words
    (( CURRENT -= at ))
    _normal
    return
  fi
  _ksys_filter
}

_ksys_first() {
  (( CURRENT == 2 )) && _describe -t commands command _ksys_commands
  _ksys_command
}

_ksys_format() {
  if compset -P '*%'; then compadd -S '' -- $_ksys_fields; else compadd -S '' -P % -- $_ksys_fields; fi
}

_ksys() {
  if (( CURRENT > 2 )); then
    case $words[2] in
${modes
  .filter((m) => m.word !== '')
  .map((m) => `      ${m.word}) shift words; (( CURRENT-- ))\n${argumentsOf(m, words)}\n        return ;;`)
  .join('\n')}
    esac
  fi
${modes
  .filter((m) => m.word === '')
  .map((m) => argumentsOf(m, words))
  .join('\n')}
}

if [[ \${funcstack[1]} == _ksys ]]; then _ksys "$@"; else compdef _ksys ksys; fi
`
}

function argumentsOf(m: Mode, words: Words): string {
  const rest = {
    filter: '_ksys_filter',
    file: '_files',
    command: '_ksys_command',
    none: '',
  }[m.rest]
  const action = m.word === '' ? '_ksys_first' : rest
  const second = m.second.length === 0 ? '' : `_describe -t commands command _ksys_${m.word}_commands`
  return [
    '  _arguments -s -S',
    ...m.options.map((o) => specOf(o, words)),
    ...(second === '' ? [] : [`'1:command:{${[second, ...(action === '' ? [] : [action])].join('; ')}}'`]),
    ...(action === '' ? [] : [`'*:${m.rest}:${action}'`]),
  ].join(' \\\n    ')
}

function specOf(o: OptionDef, words: Words): string {
  const value = o.value === undefined ? '' : `:${o.value}:${actionOf(o, words)}`
  const doc = o.doc.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&')
  const all = spellings(o)
  const names = all.length === 1 ? all[0] : `{${all.join(',')}}`
  return `${o.repeat ? "'*'" : o.short ? `'(${all.join(' ')})'` : ''}${names}'[${doc}]${value}'`
}

function actionOf(o: OptionDef, words: Words): string {
  const names = namesFor(o, words)
  const described = describedFor(o)
  if (described !== undefined) return `{_describe -t ${described} ${described} _ksys_${described}}`
  if (names !== undefined) return `(${names.join(' ')})`
  return o.complete === 'format' ? '_ksys_format' : o.complete === 'file' ? '_files' : ''
}
