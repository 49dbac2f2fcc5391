// Where ksys means to differ from sysdig 0.36, each with its reason in differences.md.

/** Outputs that are not compared, and why. */
export const SKIPPED: readonly (readonly [output: RegExp, reason: string])[] = [
  [/\/opt_(Sq|summary)\./, 'the summary of ksys has more columns'],
  [/\/(opt_pc|p_usergroupcontainer|p_proc_b)\./, 'fields of containers'],
  [/\/p_all_fields\./, 'sysdig aborts'],
  [/\/opt_n100\./, 'counts'],
  [/\/p_thread\./, 'counters'],
  [/\/p_proc_a\./, 'fields without their argument'],
  [/^curl_google\/(p_fd|p_mixed|p_star)\./, 'names after connect'],
]

/** Both sides, before they are compared. */
export function normal(line: string): string {
  return line
    .replace(/ +(?="?[,}|]|$)/g, '')
    .replace(/(?<=\s) +/g, '')
    .replace(/\b(bio_close_file|bio_aof|bio_lazy_free|jemalloc_bg_thd)(?= \(|\)|"|\|| {2}|$)/g, 'redis-server')
    .replace(/<u>4(?=[)|]|$)/g, '<u>')
    .replaceAll('<6>0.0.0.0:0->0.0.0.0:0', '<6>')
}

/** A line of one side only, or two that differ: whether that is meant. */
export function meant(output: string, theirs: string | undefined, ours: string | undefined): boolean {
  if (output.startsWith('container/') && /^2961 |"evt\.num":2961,/.test(theirs ?? ours ?? '')) return true
  if (/\/f_io\./.test(output)) return theirs === undefined
  if (/\/opt_A\./.test(output) && (theirs ?? '') === '') return (ours ?? '') === ''
  if (/\/(f_net|p_width)\./.test(output) && theirs === undefined) return /\b[gs]etsockopt\b/.test(ours as string)
  if (/\/p_width\./.test(output) && ours === undefined) return /^1519 \[docker/.test(theirs as string)
  if (/\/f_user\./.test(output) && ours === undefined) return /^(curl_google|cat_write)\//.test(output)
  if (/\/time_/.test(output) && theirs !== undefined && ours !== undefined) return sameButTime(theirs, ours)
  if (/\/p_star\./.test(output)) return sameButAbsent(theirs, ours)
  return false
}

/** A negative delta, a switch that repeats the latency of the call before, a fraction without its zeros. */
function sameButTime(theirs: string, ours: string): boolean {
  const rest = (line: string) => line.replace(/^(\d+) \S+/, '$1')
  return rest(theirs) === rest(ours) && (/ -?0\.\d{9} /.test(ours) || /^\d+ \d+\.\d{1,8} /.test(theirs))
}

/** No latency is null, not 0; an unknown user is null. */
function sameButAbsent(theirs: string | undefined, ours: string | undefined): boolean {
  if (theirs === undefined || ours === undefined) return false
  const a = JSON.parse(theirs) as Record<string, unknown>
  const b = JSON.parse(ours) as Record<string, unknown>
  if (b['evt.latency'] === null) a['evt.latency'] = null
  if (a['user.name'] === '' || a['user.name'] === '<NA>' || b['user.name'] === null) b['user.name'] = a['user.name']
  if (a['fd.name'] === '' || a['fd.name'] === 'NULL' || a['evt.num'] === 1519) b['fd.name'] = a['fd.name']
  return JSON.stringify(a) === JSON.stringify(b)
}

/** For a field of a p_ output: what else sysdig may print where ksys prints `ours`, as patterns. */
export function alternatives(field: string, ours: string): readonly string[] {
  const name = field.replace(/^%/, '')
  if (/^evt\.(wait_)?latency/.test(name) && ours === '<NA>') return ['\\d+', '[\\d.]*[mun]?s', '']
  if (/^evt\.deltatime/.test(name) && ours.includes('-')) return ['\\d+']
  if (/^proc\.(aexe|aexepath|aname|acmdline|apid|env|aenv)$/.test(name)) return [`[^]*${name.replaceAll('.', '\\.')}`]
  if (name === 'evt.type.is.openat') return ['<NA>evt\\.type\\.is\\.openat']
  if (/^evt\.arg\[[01]\]$/.test(name) && ours === '<NA>') return ['[^|]*']
  if (name === 'evt.buffer' && ours === '<NA>') return ['N?U?L?L?']
  if (name === 'evt.category' && ours === 'memory') return ['other']
  if (name === 'evt.buflen') return ['<NA>']
  if (name === 'evt.is_open_create' && ours === 'false') return ['true']
  if (/^evt\.count\.error\./.test(name)) return ['1', '<NA>']
  if (name === 'syscall.type' && ours === '<NA>') return ['unknown']
  if (/^fd\.(cproto|sproto)$/.test(name)) return ['']
  if (/^fd\.(name|containername)$/.test(name) && ours.endsWith('/var/run/nscd/socket')) return [':?NULL']
  if (name === 'fd.uid') return ['\\d+-1', ...(ours === '<NA>' ? ['[^|]*'] : [])]
  if (/^fd\.(num|typechar|uid|types|name|directory|containername|containerdirectory|nameraw)$/.test(name))
    return ours === '<NA>' || name === 'fd.nameraw' || name === 'fd.num' || name === 'fd.types'
      ? ['[^|]*']
      : name === 'fd.typechar'
        ? ['.']
        : []
  if (name === 'fd.name_changed') return ['false', '<NA>']
  if (/^fd\.(type|sockfamily|is_server|connected|dev|dev\.major|dev\.minor|ino|filename)$/.test(name))
    return ['<NA>', 'true', ...(ours === '<NA>' ? ['[^|]*'] : [])]
  return []
}
