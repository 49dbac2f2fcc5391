// The comment of a packet names the calling process; it is cached by thread.

import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import { escapeText } from '../../render/escape.js'

export interface Comment {
  readonly comm: string
  readonly container: string
  /** UTF-8, padded with zeros to a multiple of four */
  readonly bytes: Uint8Array
  /** without the padding */
  readonly size: number
}

export class ProcessComments {
  private readonly known = new WeakMap<Thread, Comment>()

  comment(e: Event): Comment {
    const { thread } = e
    if (thread === undefined) return commentOf('', '', e)
    const container = thread.container?.info?.name ?? ''
    const known = this.known.get(thread)
    if (known !== undefined && known.comm === thread.comm && known.container === container) return known
    const comment = commentOf(thread.comm, container, e)
    this.known.set(thread, comment)
    return comment
  }
}

function commentOf(comm: string, container: string, { pid, tid }: Event): Comment {
  const place = container === '' ? '' : ` in container ${container}`
  const text = Buffer.from(escapeText(`${comm || 'unknown'} (pid ${pid}, tid ${tid})${place}`))
  const bytes = new Uint8Array(text.length + (-text.length & 3))
  bytes.set(text)
  return { comm, container, bytes, size: text.length }
}
