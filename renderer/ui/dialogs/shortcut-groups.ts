import type { CommandId } from '../../commands/command';

type GroupName = 'tools' | 'slices' | 'layers' | 'loop' | 'general';

/** How the overlay sorts the commands that have keys. */
export const shortcutGroups: readonly {
  readonly name: GroupName;
  readonly commands: readonly CommandId[];
}[] = [
  {
    name: 'tools',
    commands: [
      'tool.brush',
      'tool.eraser',
      'brush.swap',
      'brush.smaller',
      'brush.larger',
      'label.1',
      'label.2',
      'tool.pick',
      'app.escape',
    ],
  },
  {
    name: 'loop',
    commands: [
      'model.segmentSlice',
      'model.segmentStack',
      'review.confirmRegion',
      'review.confirmSlice',
      'model.retrain',
    ],
  },
  {
    name: 'slices',
    commands: [
      'slice.next',
      'slice.previous',
      'slice.forwardTen',
      'slice.backTen',
      'slice.first',
      'slice.last',
      'view.fit',
      'view.actualSize',
      'view.zoomIn',
      'view.zoomOut',
    ],
  },
  {
    name: 'layers',
    commands: [
      'view.toggleMask',
      'view.togglePrediction',
      'view.hideOverlays',
      'view.overlayFainter',
      'view.overlayStronger',
      'view.autoContrast',
    ],
  },
  {
    name: 'general',
    commands: [
      'edit.undo',
      'edit.redo',
      'file.open',
      'file.openProject',
      'file.exportMask',
      'file.save',
      'file.close',
      'help.shortcuts',
    ],
  },
];
