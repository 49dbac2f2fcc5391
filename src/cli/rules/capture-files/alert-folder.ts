// The folder of files with the calls around alerts. Files are named after the rule and the time of the first alert.

import { join } from 'node:path'
import { type BatchNs, dateOf, epochOf } from '../../../model/time.js'
import type { Belonging } from '../../../source/belonging.js'
import type { CaptureInfo } from '../../../source/source.js'
import { OutputFolder } from '../../../trace/rotation/folder.js'
import { FileNames, isFolder } from '../../../trace/rotation/names.js'
import { NewFiles } from '../../../trace/rotation/new-files.js'
import type { AlertFiles } from '../../options/alert-files.js'
import { FileQuota } from './quota.js'

/** maximum characters of a rule in a name */
const MAX_CHARS = 60

/** A file to write. */
export interface NextFile {
  readonly path: string
  readonly files: NewFiles
}

export class AlertFolder {
  private constructor(
    readonly settings: AlertFiles,
    private readonly folder: OutputFolder,
    private readonly place: { readonly folder: string; readonly lead: string },
    readonly quota: FileQuota,
  ) {}

  /** Opens the folder before ksys drops privileges. report: called with messages about files that are not written. Rejects with TraceError. */
  static async open(
    settings: AlertFiles,
    belonging: Belonging,
    report: (message: string) => void,
  ): Promise<AlertFolder> {
    const { prefix } = settings
    const place = { folder: FileNames.forPath(prefix, isFolder(prefix)).folder, lead: leadOf(prefix) }
    const folder = await OutputFolder.open(place.folder, belonging)
    return new AlertFolder(settings, folder, place, new FileQuota(settings, report))
  }

  /** The file for an alert of a rule. at: capture time (ns). */
  next(rule: string, at: BatchNs, info: CaptureInfo): NextFile {
    const { folder, lead } = this.place
    const fraction = String(epochOf(info, at) % 1_000_000_000n).padStart(9, '0')
    const names = FileNames.forPath(join(folder, `${lead}${safeName(rule)}_%Y%m%d-%H%M%S-${fraction}.ksys`), false)
    const files = new NewFiles(this.folder, names)
    const date = dateOf(info, at)
    return { files, path: files.path(names.next([], date)) }
  }

  close(): Promise<void> {
    return this.folder.close()
  }
}

/** The prefix before the rule; '' if a folder is named. */
function leadOf(prefix: string): string {
  return isFolder(prefix) ? '' : `${prefix.slice(prefix.lastIndexOf('/') + 1)}_`
}

/** A rule's name with all characters except letters and digits replaced by dashes. */
export function safeName(rule: string): string {
  const safe = rule
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_CHARS)
  return safe === '' ? 'rule' : safe
}
