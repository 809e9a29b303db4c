import { basename } from 'node:path';
import { sameConditioning, type Audit, type AuditView } from '#contract/entities';
import { auditResult } from '#main/audit/audit-result';
import { auditSentence } from '#main/audit/audit-sentence';
import { drawAudit } from '#main/audit/draw-audit';
import { writeReport } from '#main/report/write-report';
import type { Handlers } from '#main/ipc/handlers';
import type { OpenProject } from '../open/open-project';
import { conditioningOf } from '../stack-conditioning';
import type { ServiceParts } from '../service-parts';

type AuditCommands = Pick<Handlers, 'audit.read' | 'audit.start' | 'audit.answer' | 'report.save'>;

async function viewOf({ models, project }: OpenProject, audit: Audit): Promise<AuditView> {
  const { model } = audit.state;
  const name = (await models.versions()).find(({ id }) => id === model)?.name ?? model;
  const result = auditResult(audit);
  const labelsChanged = project.labels.lastSequence !== audit.state.sequence;
  const { conditioning } = audit.state;
  const shownOtherwise =
    conditioning !== undefined && !sameConditioning(conditioning, conditioningOf(project));
  const sentence = auditSentence(audit, result, name);
  return { audit, result, sentence, labelsChanged, shownOtherwise, modelName: name };
}

export function auditCommands({ session, grants, version }: ServiceParts): AuditCommands {
  let drawing = new AbortController();
  return {
    async 'audit.read'({ at }) {
      const open = session.at(at);
      const found = await open.project.audits.read();
      return found.kind === 'kept'
        ? { kind: 'kept', view: await viewOf(open, found.audit) }
        : found;
    },
    async 'audit.start'({ at, mask, places, seed }) {
      const open = session.at(at);
      const { project } = open;
      project.assertWritable();
      drawing.abort();
      drawing = new AbortController();
      const model = await open.currentModel();
      await project.settled();
      const audit = await drawAudit(project, { model, mask, places, seed }, drawing.signal);
      return viewOf(open, await project.audits.begin(audit));
    },
    async 'audit.answer'({ at, place, answer }) {
      const open = session.at(at);
      return viewOf(open, await open.project.audits.answer(place, answer));
    },
    async 'report.save'({ at, grant, mask }) {
      const open = session.at(at);
      const { project, source } = open;
      const path = await grants.path(grant, 'save');
      await project.settled();
      const { csv } = await writeReport(
        {
          ...{ project, mask, version, accuracy: open.measured },
          models: await open.models.versions(),
          model: await open.currentModel(),
        },
        source.kind === 'present' ? source.view.source : null,
        path,
        new AbortController().signal,
      );
      return { name: basename(path), csv };
    },
  };
}
