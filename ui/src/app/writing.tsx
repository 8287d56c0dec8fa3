// What one may write about a record, above its timeline.
import type { ObjectMeta, Rec } from '@/lib/types';
import CommentBox from '@/features/comment/comment-box';
import FollowupBox from '@/features/followup/followup-box';

export default function Writing({ object, record }: { object: ObjectMeta; record: Rec }) {
  return <div className="writing"><FollowupBox object={object} record={record} /><CommentBox object={object} record={record} /></div>;
}
