// --completion: scripts for bash, zsh and fish, made from the option table and the lists of fields and events.
import { OPTIONS, type OptionDef } from './options.js'

export interface FilterWords {
  /** field names */
  fields: readonly string[]
  /** event names, offered after evt.type= */
  events: readonly string[]
}

/** The script that makes the shell complete ksys's options, their values, field names and event types. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', words: FilterWords): string {
  return shell === 'bash' ? bash(words) : shell === 'zsh' ? zsh(words) : fish(words)
}

function spellings(o: OptionDef): string[] {
  return [...(o.short ? [`-${o.short}`] : []), `--${o.long}`]
}

function filterWords(w: FilterWords): string {
  return [...w.fields, ...w.events.map((e) => `evt.type=${e}`)].join(' ')
}

function bash(w: FilterWords): string {
  const cases = OPTIONS.filter((o) => o.value).map((o) => {
    const then = o.choices
      ? `COMPREPLY=($(compgen -W "${o.choices.join(' ')}" -- "$cur"))`
      : o.complete === 'file'
        ? 'COMPREPLY=($(compgen -f -- "$cur"))'
        : 'COMPREPLY=()'
    return `    ${spellings(o).join('|')}) ${then}; return ;;`
  })
  return `# bash completion for ksys: eval "$(ksys --completion bash)"
_ksys() {
  local cur prev words cword
  COMP_WORDBREAKS=\${COMP_WORDBREAKS//=/}
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  case $prev in
${cases.join('\n')}
  esac
  case $cur in
    -*) COMPREPLY=($(compgen -W "${OPTIONS.flatMap(spellings).join(' ')}" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "${filterWords(w)}" -- "$cur")) ;;
  esac
}
complete -o default -F _ksys ksys
`
}

function zsh(w: FilterWords): string {
  const specs = OPTIONS.map((o) => {
    const value =
      o.value === undefined ? '' : `:${o.value}:${o.choices ? `(${o.choices.join(' ')})` : o.complete ? '_files' : ''}`
    const doc = o.doc.replace(/'/g, "'\\''").replace(/[[\]:]/g, '\\$&')
    const all = spellings(o)
    const names = all.length === 1 ? all[0] : `{${all.join(',')}}`
    return `  ${o.repeat ? "'*'" : o.short ? `'(${all.join(' ')})'` : ''}${names}'[${doc}]${value}' \\`
  })
  return `#compdef ksys
# zsh completion for ksys: ksys --completion zsh > "\${fpath[1]}/_ksys"
_ksys_filter() { compadd -- ${filterWords(w)} }
_arguments -s \\
${specs.join('\n')}
  '*:filter:_ksys_filter'
`
}

function fish(w: FilterWords): string {
  const quote = (s: string) => `'${s.replace(/['\\]/g, '\\$&')}'`
  const lines = OPTIONS.map((o) => {
    const short = o.short ? ` -s ${o.short}` : ''
    const value =
      o.value === undefined ? '' : o.choices ? ` -x -a ${quote(o.choices.join(' '))}` : o.complete ? ' -r -F' : ' -x'
    return `complete -c ksys${short} -l ${o.long}${value} -d ${quote(o.doc)}`
  })
  return `# fish completion for ksys: ksys --completion fish > ~/.config/fish/completions/ksys.fish
complete -c ksys -f
${lines.join('\n')}
complete -c ksys -a ${quote(filterWords(w))}
`
}
