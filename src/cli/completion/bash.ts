// The completion script for bash. It does not change the user's COMP_WORDBREAKS, and needs no other package.

import type { OptionDef } from '../options/table.js'
import { FIRST_WORDS, type Mode, namesFor, spellings, type Words } from './words.js'

/** Functions of the script; `part` is the text that readline replaces, `piece` the part of a word that is completed. */
const FUNCTIONS = `
# Offers the words of $1 that start with the piece, each after the prefix $2, in place of the part.
_ksys_offer() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    if [[ $part == *"$piece" ]]; then
      COMPREPLY+=("\${part%"$piece"}$word")
    else
      # the part starts after a = or : within the piece
      COMPREPLY+=("\${word#"\${piece%"$part"}"}")
    fi
  done < <(compgen -P "$2" -W "$1" -- "\${piece#"$2"}")
}

_ksys_filter() {
  local events='^evt\\.type(!=|=)' is='evt\\.type[[:blank:]]*(!=|=)[[:blank:]]*$' list='evt\\.type[[:blank:]]+in[[:blank:]]*\\([^)]*$'
  if [[ $piece =~ $events ]]; then
    _ksys_offer "$ksys_events" "\${BASH_REMATCH[0]}"
  elif [[ \${line%"$piece"} =~ $is || \${line%"$piece"} =~ $list ]]; then
    _ksys_offer "$ksys_events"
  else
    _ksys_offer "$ksys_fields $1"
    # an operator follows a field
    [[ \${COMPREPLY[0]} == *.* ]] && compopt -o nospace 2>/dev/null
  fi
}

_ksys_format() {
  compopt -o nospace 2>/dev/null
  case $piece in
    *%*) _ksys_offer "$ksys_fields" "\${piece%"\${piece##*%}"}" ;;
    '') _ksys_offer "%\${ksys_fields//[[:space:]]/ %}" ;;
  esac
}
`

const MAIN = `
_ksys() {
  local line=\${COMP_LINE-\${COMP_WORDS[*]:0:COMP_CWORD+1}} part=\${2-\${COMP_WORDS[COMP_CWORD]}}
  local piece before prev words word
  line=\${line:0:\${COMP_POINT:-\${#line}}}
  piece=\${line##*[[:blank:]\\'\\"(,]}
  if [[ $part == *"$piece" ]]; then before=\${line%"$part"}; else before=\${line%"$piece"}; fi
  before=\${before%[\\'\\"]}
  read -ra words <<<"$before"
  prev=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  if [[ $piece == --*=* ]]; then
    prev=\${piece%%=*}
    piece=\${piece#*=}
  fi
`

/** The complete script. */
export function bashScript(modes: readonly Mode[], words: Words): string {
  const last = (m: Mode) => Number(m.word === '')
  const branches = [...modes]
    .sort((a, b) => last(a) - last(b))
    .map((m) => `    ${m.word || '*'})\n${modeLines(m, words)}\n      ;;`)
  return `# bash completion for ksys: eval "$(ksys --completion bash)"
ksys_fields='${words.fields.join('\n')}'
ksys_events='${words.events.join('\n')}'
${FUNCTIONS.trimEnd()}
${MAIN}  case \${words[1]} in
${branches.join('\n')}
  esac
}
complete -o default -F _ksys ksys
`
}

/** Completes the command after --, and its arguments. */
const COMMAND = `      for word in "\${words[@]:1}"; do
        [[ $word == -- ]] || continue
        [[ $prev == -- ]] && COMPREPLY=($(compgen -c -- "$part"))
        return
      done`

/** Turns off the default, which is to offer file names. */
const NO_FILES = 'compopt +o default 2>/dev/null'

function modeLines(m: Mode, words: Words): string {
  const cases = m.options
    .filter((o) => o.value)
    .map((o) => `        ${spellings(o).join('|')}) ${offerOf(o, words)}return ;;`)
  const first =
    m.word === '' ? ` "$([[ \${#words[@]} -eq 1 ]] && echo ${FIRST_WORDS.map((w) => w.word).join(' ')})"` : ''
  const second = m.second.map((w) => w.word).join(' ')
  const offer = second === '' ? '' : `[[ \${#words[@]} -eq 2 ]] && _ksys_offer '${second}'; `
  const rest = {
    filter: `        *) _ksys_filter${first} ;;`,
    command: `        *) _ksys_filter${first} ;;`,
    file: `        *) ${offer};; # otherwise files`,
    none: `        *) ${offer}${NO_FILES} ;;`,
  }[m.rest]
  return [
    ...(m.rest === 'command' ? [COMMAND] : []),
    ...(cases.length > 0 ? ['      case $prev in', ...cases, '      esac'] : []),
    '      case $piece in',
    `        -*) _ksys_offer '${m.options.flatMap(spellings).join(' ')}' ;;`,
    rest,
    '      esac',
  ].join('\n')
}

/** The statements that offer the values of an option; '' for file names, which are the default. */
function offerOf(o: OptionDef, words: Words): string {
  const names = namesFor(o, words)
  if (names !== undefined) return `_ksys_offer '${names.join(' ')}'; `
  if (o.complete === 'format') return '_ksys_format; '
  return o.complete === 'file' ? '' : `${NO_FILES}; `
}
