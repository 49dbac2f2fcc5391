// Tells a person who asked for one Kubernetes namespace alone that none of its pods is known.

import type { CaptureSource } from '../source/source.js'
import { captureNow } from '../source/source.js'

/** ns after the start of a live capture at which what runs has its names, or none */
const NAMED = 3e9

export class NamespaceWatch {
  private done = false

  private constructor(
    private readonly source: CaptureSource,
    private readonly tell: (sentence: string) => void,
  ) {}

  /** undefined where everything is told. */
  static of(source: CaptureSource, tell: (sentence: string) => void): NamespaceWatch | undefined {
    return source.unmetNamespace === undefined ? undefined : new NamespaceWatch(source, tell)
  }

  /** To be called often while a capture runs. */
  tick(): void {
    if (this.done || this.source.info.kind !== 'live' || captureNow(this.source.info) < NAMED) return
    this.done = true
    this.ifUnmet(
      (name) => `no runtime here knows a pod of the Kubernetes namespace ${name}: nothing is told until one starts`,
    )
  }

  /** At the end of a capture. */
  end(): void {
    this.ifUnmet((name) => `nothing was told: this capture knows no pod of the Kubernetes namespace ${name}`)
  }

  private ifUnmet(sentence: (name: string) => string): void {
    const name = this.source.unmetNamespace
    if (name !== undefined) this.tell(sentence(name))
  }
}
