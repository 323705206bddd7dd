"""SQLAlchemy's ORM and Core with its own PostgreSQL dialect: ``python sqlalchemy_steps.py URL``."""

from __future__ import annotations

import datetime
import enum
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload

from tests.orm.steps import report, step

engine = sa.create_engine(sys.argv[1])


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "sa_users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), unique=True)
    age: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    balance: Mapped[Decimal] = mapped_column(sa.Numeric(10, 2), default=0)
    created: Mapped[datetime.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    posts: Mapped[list[Post]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Size(enum.Enum):
    small = "s"
    large = "l"
    huge = "h"


class Shirt(Base):
    __tablename__ = "sa_shirts"
    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[Size] = mapped_column(sa.Enum(Size, name="sa_size"), server_default="large")
    state: Mapped[str | None] = mapped_column(sa.Enum("new", "worn", name="sa_state"))
    sizes: Mapped[list[Size] | None] = mapped_column(ARRAY(sa.Enum(Size, name="sa_size", create_type=False)))


class Post(Base):
    __tablename__ = "sa_posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("sa_users.id", ondelete="CASCADE"))
    title: Mapped[str]
    body: Mapped[str | None] = mapped_column(sa.Text)
    data: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    user: Mapped[User] = relationship(back_populates="posts")
    __table_args__ = (sa.Index("ix_sa_posts_title", "title"),)


def in_session(function: Callable[[Session], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with Session(engine) as session:
            result = function(session)
            if isinstance(result, sa.Result):
                result = [list(row) for row in result]
            session.commit()
            return result

    run.__name__ = function.__name__
    return run


@step
def create_all() -> None:
    Base.metadata.create_all(engine)
    Base.metadata.create_all(engine)


@step
@in_session
def unit_of_work(session: Session) -> None:
    for n in range(5):
        posts = [Post(title=f"t{n}{m}", data={"a": m}) for m in range(3)]
        session.add(User(name=f"u{n}", age=20 + n, balance=Decimal(n * 10), posts=posts))


@step
@in_session
def entities(session: Session) -> Any:
    users = session.scalars(sa.select(User).order_by(User.id))
    return [(u.id, u.name, u.age, u.active, u.balance, u.created.tzinfo is not None) for u in users]


@step
@in_session
def conditions(session: Session) -> Any:
    query = sa.select(User.name).where(User.age > 20, User.active, User.name.ilike("U%"), ~User.name.in_(["u2"]))
    return session.scalars(query.order_by(User.name.desc()).limit(2).offset(1)).all()


@step
@in_session
def grouping(session: Session) -> Any:
    count = sa.func.count(Post.id)
    query = sa.select(User.name, count.label("n")).join(Post).group_by(User.name).having(count > 1).order_by(User.name)
    return session.execute(query)


@step
@in_session
def eager_loading(session: Session) -> Any:
    joined = session.scalars(sa.select(User).options(joinedload(User.posts)).order_by(User.id)).unique()
    loaded = session.scalars(sa.select(User).options(selectinload(User.posts)).order_by(User.id))
    return [len(user.posts) for user in joined], [len(user.posts) for user in loaded]


@step
@in_session
def changed_entity(session: Session) -> None:
    session.scalars(sa.select(User).where(User.name == "u1")).one().age = 99


@step
@in_session
def update_returning(session: Session) -> Any:
    changed = sa.update(User).where(User.age < 50).values(balance=User.balance + 1).returning(User.id, User.balance)
    return sorted(map(tuple, session.execute(changed)))


@step
@in_session
def delete_returning(session: Session) -> Any:
    return session.execute(sa.delete(Post).where(Post.title.like("t0%")).returning(Post.title)).all().__len__()


@step
@in_session
def upsert(session: Session) -> Any:
    return session.execute(
        insert(User)
        .values([{"name": "u1", "age": 5}, {"name": "u9", "age": 6}])
        .on_conflict_do_update(index_elements=["name"], set_={"age": 7})
        .returning(User.name, User.age)
    )


@step
@in_session
def upsert_with_a_condition(session: Session) -> Any:
    made = insert(User).values([{"name": "u1", "age": 1}, {"name": "u2", "age": 2}, {"name": "u8", "age": 8}])
    update = made.on_conflict_do_update(index_elements=["name"], set_={"age": made.excluded.age + 100}, where=User.age < 50)
    return sorted(map(tuple, session.execute(update.returning(User.name, User.age))))


@step
@in_session
def upsert_of_a_query(session: Session) -> Any:
    source = sa.select(User.name, User.age + 1).where(User.name.in_(["u8", "u9"]))
    made = insert(User).from_select(["name", "age"], source)
    session.execute(made.on_conflict_do_update(index_elements=["name"], set_={"age": made.excluded.age}))
    return session.execute(sa.select(User.name, User.age).where(User.name.in_(["u8", "u9"])).order_by(User.name))


@step
@in_session
def the_same_row_twice(session: Session) -> Any:
    made = insert(User).values([{"name": "twice", "age": 1}, {"name": "twice", "age": 2}])
    try:
        session.execute(made.on_conflict_do_update(index_elements=["name"], set_={"age": made.excluded.age}))
    except sa.exc.ProgrammingError as error:
        session.rollback()
        return error.orig.sqlstate if hasattr(error.orig, "sqlstate") else error.orig.pgcode
    return "accepted"


@step
@in_session
def changes_in_common_table_expressions(session: Session) -> Any:
    made = sa.insert(User).values(name="cte", age=1).returning(User.name, User.age).cte("made")
    first = session.execute(sa.select(made.c.name, made.c.age)).all()
    gone = sa.delete(User).where(User.name == "cte").returning(User.name).cte("gone")
    return first, session.execute(sa.select(sa.func.count()).select_from(gone)).scalar()


@step
@in_session
def update_from(session: Session) -> Any:
    counted = sa.select(Post.user_id, sa.func.count().label("n")).group_by(Post.user_id).subquery()
    changed = sa.update(User).values(age=counted.c.n).where(counted.c.user_id == User.id, User.name < "u3")
    return sorted(map(tuple, session.execute(changed.returning(User.name, User.age, counted.c.n))))


@step
@in_session
def computed_update(session: Session) -> Any:
    changed = (
        sa.update(Post).values(title=sa.func.regexp_replace(Post.title, "t(.)", "T-\\1")).where(Post.title.regexp_match("^t1"))
    )
    return session.execute(changed).rowcount, session.scalars(sa.select(Post.title).order_by(Post.id)).all()


@step
def temporary_table() -> Any:
    table = sa.Table(
        "orm_scratch", sa.MetaData(), sa.Column("name", sa.Text), prefixes=["TEMPORARY"], postgresql_on_commit="DROP"
    )
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"name": "x"}, {"name": "y"}])
        names = connection.execute(sa.select(table.c.name).order_by(table.c.name)).scalars().all()
    return names, sa.inspect(engine).has_table("orm_scratch")


@step
@in_session
def insert_or_nothing(session: Session) -> Any:
    rows = [{"name": "u1"}, {"name": "new"}]
    return session.execute(insert(User).values(rows).on_conflict_do_nothing().returning(User.name))


@step
@in_session
def subqueries(session: Session) -> Any:
    newest = sa.select(sa.func.max(Post.title)).where(Post.user_id == User.id).scalar_subquery()
    has_posts = sa.exists().where(Post.user_id == User.id)
    return session.execute(sa.select(User.name, newest).where(has_posts).order_by(User.name))


@step
@in_session
def common_table_expression(session: Session) -> Any:
    old = sa.select(User.name).where(User.age > 10).cte("old")
    return session.scalars(sa.select(old.c.name).order_by(old.c.name)).all()


@step
@in_session
def window(session: Session) -> Any:
    rank = sa.func.row_number().over(order_by=(User.age.desc(), User.name)).label("rank")
    return session.execute(sa.select(User.name, rank).order_by(User.name))


@step
@in_session
def union(session: Session) -> Any:
    both = sa.union_all(sa.select(User.name), sa.select(Post.title)).subquery()
    return session.scalars(sa.select(both.c.name).order_by(both.c.name).limit(4)).all()


@step
@in_session
def json_path(session: Session) -> Any:
    return session.execute(sa.select(Post.data, Post.data["a"].astext).order_by(Post.id).limit(3))


@step
@in_session
def extract_and_coalesce(session: Session) -> Any:
    now = datetime.datetime.now(datetime.UTC).year
    year, body = session.execute(sa.select(sa.extract("year", User.created), sa.func.coalesce(User.age, 0)).limit(1)).one()
    return int(year) == now, body


@step
def savepoint() -> Any:
    with Session(engine) as session:
        session.add(User(name="outer"))
        session.flush()
        try:
            with session.begin_nested():
                session.add(User(name="u1"))
                session.flush()
            failed = None
        except sa.exc.IntegrityError as error:
            failed = error.orig.sqlstate if hasattr(error.orig, "sqlstate") else error.orig.pgcode  # type: ignore[union-attr]
        session.commit()
        return failed, session.scalar(sa.select(sa.func.count()).where(User.name == "outer"))


@step
@in_session
def for_update(session: Session) -> Any:
    return session.scalars(sa.select(User).where(User.name == "u2").with_for_update()).one().name


@step
@in_session
def delete_with_cascade(session: Session) -> None:
    session.delete(session.scalars(sa.select(User).where(User.name == "u2")).one())


@step
@in_session
def many_rows_with_returning(session: Session) -> Any:
    user = session.scalar(sa.select(User.id).where(User.name == "u1"))
    rows = [{"user_id": user, "title": f"m{n}"} for n in range(300)]
    made = session.scalars(sa.insert(Post).returning(Post.title, sort_by_parameter_order=True), rows).all()
    return made == [row["title"] for row in rows]


@step
def many_rows() -> Any:
    with engine.begin() as connection:
        user = connection.scalar(sa.select(User.id).where(User.name == "u1"))
        connection.execute(sa.insert(Post), [{"user_id": user, "title": f"n{n}"} for n in range(50)])
        return connection.scalar(sa.select(sa.func.count()).select_from(Post).where(Post.title.like("n%")))


@step
@in_session
def list_of_values(session: Session) -> Any:
    given = sa.values(sa.column("a", sa.Integer), sa.column("b", sa.String), name="v").data([(1, "x"), (2, "y")])
    return session.execute(sa.select(given).order_by(given.c.a))


@step
@in_session
def enums_are_written(session: Session) -> Any:
    shirts = [Shirt(size=Size.huge, state="new", sizes=[Size.small, Size.huge]), Shirt(), Shirt(size=Size.small, state="worn")]
    session.add_all(shirts)
    session.flush()
    session.refresh(shirts[1])
    return [(shirt.size.name, shirt.state) for shirt in shirts]


@step
@in_session
def enums_are_found_in_their_order(session: Session) -> Any:
    def found(query: sa.Select[Any]) -> list[Any]:
        return [shirt.id for shirt in session.scalars(query)]

    shirts = sa.select(Shirt).order_by(Shirt.id)
    counts = session.execute(sa.select(Shirt.size, sa.func.count()).group_by(Shirt.size).order_by(Shirt.size.desc()))
    return {
        "equal": found(shirts.where(Shirt.size == Size.huge)),
        "in": found(shirts.where(Shirt.size.in_([Size.small, Size.huge]))),
        "above": found(shirts.where(Shirt.size > Size.small)),
        "array": found(shirts.where(sa.literal(Size.small, Shirt.size.type) == sa.any_(Shirt.sizes))),
        "sorted": found(sa.select(Shirt).order_by(Shirt.size.desc())),
        "groups": [(size.name, count) for size, count in counts],
        "most": session.scalar(sa.select(sa.func.max(Shirt.size))).name,
    }


@step
@in_session
def enums_are_checked(session: Session) -> Any:
    session.execute(sa.update(Shirt).where(Shirt.state.is_(None)).values(size=Size.small))
    session.commit()
    try:
        session.execute(sa.text("INSERT INTO sa_shirts (size) VALUES ('tiny')"))
    except sa.exc.DataError as error:
        session.rollback()
        return str(error.orig).splitlines()[0]


@step
def enums_are_reflected() -> Any:
    found = sa.Table("sa_shirts", sa.MetaData(), autoload_with=engine)
    kinds = [kind for kind in sa.inspect(engine).get_enums() if kind["name"].startswith("sa_")]
    return kinds, [(column.name, repr(column.type)) for column in found.columns]


@step
def inspector() -> Any:
    found = sa.inspect(engine)
    columns = [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns("sa_users")]
    keys = [(k["constrained_columns"], k["referred_table"], k["options"]) for k in found.get_foreign_keys("sa_posts")]
    indexes = [(i["name"], i["column_names"], i["unique"]) for i in found.get_indexes("sa_posts")]
    uniques = [u["column_names"] for u in found.get_unique_constraints("sa_users")]
    return columns, found.get_pk_constraint("sa_posts")["constrained_columns"], keys, indexes, uniques


@step
def reflection() -> Any:
    metadata = sa.MetaData()
    metadata.reflect(engine, only=["sa_users", "sa_posts"])
    return sorted((table.name, column.name) for table in metadata.tables.values() for column in table.columns)


@step
def drop_all() -> Any:
    Base.metadata.drop_all(engine)
    return [name for name in sa.inspect(engine).get_table_names() if name.startswith("sa_")]


report()
