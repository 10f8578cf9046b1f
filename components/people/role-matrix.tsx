import { useTranslations } from "next-intl";
import { Cell, HeadCell, Row, Table } from "@/components/ui/table";
import { OperationWords } from "./operation-words";

type Role = "merchant" | "support" | "admin";
/** What each role may do: of their own, of everybody's, or nothing. */
type Props = { permissions: Record<string, Record<Role, "own" | "any" | "no">> };

const roles = ["merchant", "support", "admin"] as const;

// Made of the table that decides, so that it cannot say anything else.
export function RoleMatrix({ permissions }: Props) {
  const t = useTranslations("people");
  const heads = [
    <HeadCell key="what">{t("matrix.what")}</HeadCell>,
    ...roles.map((role) => <HeadCell key={role}>{t(`role.${role}`)}</HeadCell>),
  ];
  return (
    <Table caption={t("roles")} head={heads}>
      {Object.entries(permissions).map(([operation, row]) => (
        <Row key={operation}>
          <Cell>
            <OperationWords operation={operation} />
          </Cell>
          {roles.map((role) => (
            <Cell key={role} label={t(`role.${role}`)} className={row[role] === "no" ? "text-muted" : ""}>
              {t(`matrix.${row[role]}`)}
            </Cell>
          ))}
        </Row>
      ))}
    </Table>
  );
}
