// Reports that no pod of the Kubernetes namespace selected by --only-namespace is known.

import type { CaptureSource } from '../source/source.js'
import { captureNow } from '../source/source.js'

/** ns after the start of a live capture by which running containers should have been resolved */
const NAMED = 3e9

export class NamespaceWatch {
  private done = false

  private constructor(
    private readonly source: CaptureSource,
    private readonly report: (sentence: string) => void,
  ) {}

  /** undefined if the source is not restricted to a namespace. */
  static forSource(source: CaptureSource, report: (sentence: string) => void): NamespaceWatch | undefined {
    return source.unmetNamespace === undefined ? undefined : new NamespaceWatch(source, report)
  }

  /** Call often while a capture runs. */
  tick(): void {
    if (this.done || this.source.info.kind !== 'live' || captureNow(this.source.info) < NAMED) return
    this.done = true
    this.reportIfUnmet(
      (name) =>
        `no container runtime here has a pod in the Kubernetes namespace ${name}: nothing is shown until one starts`,
    )
  }

  /** Call at the end of a capture. */
  end(): void {
    this.reportIfUnmet((name) => `nothing was shown: this capture has no pod in the Kubernetes namespace ${name}`)
  }

  private reportIfUnmet(sentence: (name: string) => string): void {
    const name = this.source.unmetNamespace
    if (name !== undefined) this.report(sentence(name))
  }
}
