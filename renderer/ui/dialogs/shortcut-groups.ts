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
      'tool.fill',
      'tool.lasso',
      'tool.polygon',
      'tool.wand',
      'tool.follower',
      'tool.adjust',
      'adjust.fillHoles',
      'brush.nextOverwrite',
      'brush.smaller',
      'brush.larger',
      'label.1',
      'label.2',
      'tool.pick',
      'cursor.left',
      'cursor.right',
      'cursor.up',
      'cursor.down',
      'cursor.farLeft',
      'cursor.farRight',
      'cursor.farUp',
      'cursor.farDown',
      'cursor.press',
      'cursor.pressStraight',
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
      'review.confirmBrush',
      'review.unreviewBrush',
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
      'slice.interpolate',
      'slice.copyToNext',
      'slice.copyToPrevious',
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
