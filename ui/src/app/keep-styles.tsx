// The styles of what every page has stay registered: antd takes a component's styles away with its last instance and makes them anew
// with the next, which cost a third of the script time of going from one page to another, and a new layout of all.
import useButtonStyle from 'antd/es/button/style';
import CompactStyle from 'antd/es/button/style/compact';
import useCheckboxStyle from 'antd/es/checkbox/style';
import useDropdownStyle from 'antd/es/dropdown/style';
import useInputStyle, { useSharedStyle as useInputsStyle } from 'antd/es/input/style';
import usePopoverStyle from 'antd/es/popover/style';
import useTooltipStyle from 'antd/es/tooltip/style';
import { useEffect, useState } from 'react';

const scope = (name: string) => [`ant-${name}`, `ant-${name}-css-var`] as const;

function Styles() {
  useButtonStyle('ant-btn');
  useCheckboxStyle(...scope('checkbox'));
  useDropdownStyle(...scope('dropdown'));
  useInputsStyle('ant-input');
  useInputStyle(...scope('input'));
  usePopoverStyle('ant-popover');
  useTooltipStyle(...scope('tooltip'), true);
  useTooltipStyle(...scope('popover'), false); // what a popover is made of
  return <CompactStyle prefixCls="ant-btn" />;
}

/** Once the first page stands: what it has is only counted, the rest is made while nobody waits. */
export function KeepStyles() {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 1500);
    return () => clearTimeout(timer);
  }, []);
  return due && <Styles />;
}
