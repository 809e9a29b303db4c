import type { ErrorCode } from '#contract/errors';
import type { CommandId } from './command';

/** What an error card offers to do, by code. Every code has an answer, if an empty one. */
export function errorActions(code: ErrorCode): readonly CommandId[] {
  switch (code) {
    case 'file.not-found':
    case 'file.unreadable':
    case 'file.empty':
    case 'tiff.not-a-tiff':
    case 'tiff.truncated':
    case 'tiff.unsupported':
    case 'tiff.corrupt':
    case 'tiff.too-large':
    case 'tiff.no-image':
    case 'stack.unsupported':
    case 'stack.corrupt':
    case 'stack.too-large':
    case 'grant.unknown':
      return ['file.open'];
    case 'stack.no-image':
    case 'stack.several':
    case 'stack.slices-differ':
      return ['file.openFolder', 'file.open'];
    case 'file.not-plain':
    case 'file.too-large':
    case 'file.changed':
      return ['file.findStack', 'file.open'];
    case 'project.stale':
    case 'project.not-a-project':
    case 'project.newer-version':
    case 'project.locked':
    case 'project.corrupt':
      return ['file.openProject'];
    case 'project.no-folder':
      return ['file.chooseProjects'];
    case 'project.source-missing':
      return ['file.findStack', 'file.findFolder'];
    case 'stack.shape-mismatch':
    case 'labels.one-class':
    case 'labels.value-absent':
    case 'prediction.range-unclear':
      return ['model.train'];
    case 'model.not-found':
    case 'model.corrupt':
    case 'model.shape-mismatch':
    case 'training.bad-input':
    case 'training.diverged':
    case 'training.given-up':
      return ['model.train'];
    case 'model.class-unknown':
      return ['model.retrain'];
    case 'engine.unavailable':
    case 'engine.failed':
    case 'engine.out-of-memory':
      return ['model.engines', 'help.diagnostics'];
    case 'compute.crashed':
    case 'compute.interrupted':
    case 'compute.timeout':
    case 'internal':
      return ['help.diagnostics'];
    case 'accuracy.no-truth':
      return ['truth.open'];
    case 'accuracy.nothing-to-measure':
      return ['model.segmentSlice'];
    case 'file.write-failed':
    case 'disk.full':
    case 'disk.not-answering':
    case 'stack.page-unreadable':
    case 'stack.slice-out-of-range':
    case 'labels.none':
    case 'labels.incomplete':
    case 'version.not-found':
    case 'audit.not-found':
    case 'audit.nothing-predicted':
    case 'labels.patch-invalid':
    case 'labels.layer-removed':
    case 'labels.too-many-layers':
    case 'labels.not-ids':
    case 'stack.already-here':
    case 'project.read-only':
    case 'project.taken-over':
    case 'project.journal-moved':
    case 'project.step-invalid':
    case 'project.out-of-step':
    case 'job.cancelled':
    case 'job.not-found':
    case 'job.busy':
    case 'command.invalid-input':
    case 'command.unknown':
    case 'command.untrusted-sender':
    case 'usage':
      return [];
  }
}
