"""Django's migrations and ORM with its own PostgreSQL backend: ``python django_steps.py HOST PORT USER DATABASE``."""

from __future__ import annotations

import datetime
import sys
import uuid
from decimal import Decimal
from typing import Any

import django
from django.conf import settings

HOST, PORT, USER, DATABASE = sys.argv[1:]
settings.configure(
    DATABASES={
        "default": {"ENGINE": "django.db.backends.postgresql", "NAME": DATABASE, "USER": USER, "HOST": HOST, "PORT": PORT}
    },
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "tests.orm.shop",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SECRET_KEY="tests",
)
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import (  # noqa: E402
    Avg,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    StdDev,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber, TruncMonth, Upper  # noqa: E402

from tests.orm.shop.models import Author, Book, Tag  # noqa: E402
from tests.orm.steps import report, step  # noqa: E402

MODELS = (Author, Tag, Book)


@step
def migrate() -> Any:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        names = [table.name for table in connection.introspection.get_table_list(cursor)]
        return sorted(name for name in names if name.startswith(("auth_", "django_")))


@step
def migrate_again() -> Any:
    call_command("migrate", verbosity=0)
    return Group.objects.count()


@step
def create_models() -> Any:
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


@step
def create() -> Any:
    return [Author.objects.create(name=f"a{n}").pk for n in range(3)]


@step
def bulk_create() -> Any:
    authors = list(Author.objects.order_by("name"))
    made = Book.objects.bulk_create(
        Book(
            title=f"b{n}",
            author=authors[n % 3],
            price=Decimal(n),
            pages=n * 10,
            published=datetime.date(2020, 1 + n % 3, 1 + n % 28),
            meta={"n": n, "t": ["x"]},
            uid=uuid.UUID(int=n),
        )
        for n in range(200)
    )
    return [book.pk for book in made[:3]], len(made)


@step
def get() -> Any:
    book = Book.objects.select_related("author").get(title="b5")
    return book.price, book.author.name, book.meta, book.uid, book.published


@step
def conditions() -> Any:
    books = Book.objects.filter(Q(title__icontains="B1") | ~Q(pages__lt=1900), author__name__startswith="a")
    return list(books.order_by("-price").values_list("title", "price")[:5]), books.count()


@step
def lookups() -> Any:
    return [
        Book.objects.filter(title__in=["b1", "b2"]).count(),
        Book.objects.filter(price__range=(10, 20)).count(),
        Book.objects.filter(published__year=2020, published__month=1).count(),
        Book.objects.filter(pages__isnull=True).count(),
        Book.objects.filter(title__iexact="B7").count(),
        Book.objects.filter(title__endswith="9").exclude(title="b9").count(),
    ]


@step
def annotate() -> Any:
    authors = Author.objects.annotate(n=Count("books"), mean=Avg("books__price"), newest=Max("books__published"))
    return list(authors.order_by("name").values_list("name", "n", "mean", "newest"))


@step
def aggregate() -> Any:
    return Book.objects.aggregate(Sum("price"), Max("pages"), Avg("rating"), StdDev("pages"))


@step
def expression_in_update() -> Any:
    return Book.objects.filter(pages__gt=F("price") * 5).update(pages=F("pages") + 1)


@step
def subquery() -> Any:
    dearest = Book.objects.filter(author=OuterRef("pk")).order_by("-price").values("title")[:1]
    return list(Author.objects.annotate(dearest=Subquery(dearest)).order_by("name").values_list("name", "dearest"))


@step
def exists() -> Any:
    return Author.objects.filter(Exists(Book.objects.filter(author=OuterRef("pk"), price__gt=198))).count()


@step
def window() -> Any:
    number = Window(RowNumber(), partition_by=F("author"), order_by=F("price").desc())
    return list(Book.objects.annotate(number=number).order_by("-price").values_list("title", "number")[:4])


@step
def conditional_expression() -> Any:
    kind = Case(When(price__gt=100, then=Value("dear")), default=Value("cheap"))
    return list(Book.objects.annotate(kind=kind).values("kind").annotate(n=Count("id")).order_by("kind"))


@step
def prefetch() -> Any:
    return [len(author.books.all()) for author in Author.objects.prefetch_related("books").order_by("name")]


@step
def many_to_many() -> Any:
    book, tag = Book.objects.get(title="b1"), Tag.objects.create(name="red")
    book.tags.add(tag)
    book.tags.add(tag)
    return book.tags.count(), Book.objects.filter(tags__name="red").count()


@step
def nested_atomic() -> Any:
    with transaction.atomic():
        Author.objects.create(name="outer")
        try:
            with transaction.atomic():
                Author.objects.create(name="outer")
        except IntegrityError:
            Author.objects.create(name="after")
    return Author.objects.filter(name__in=["outer", "after"]).count()


@step
def rollback() -> Any:
    try:
        with transaction.atomic():
            Author.objects.create(name="undone")
            raise ValueError
    except ValueError:
        return Author.objects.filter(name="undone").exists()


@step
def update_or_create() -> Any:
    made = [Author.objects.update_or_create(name=name, defaults={"email": "x@y.z"})[1] for name in ("a1", "made")]
    return made, Author.objects.get_or_create(name="made")[1], Author.objects.get(name="a1").email


@step
def bulk_update() -> Any:
    books = list(Book.objects.order_by("title")[:20])
    for book in books:
        book.rating = 2.5
    return Book.objects.bulk_update(books, ["rating"]), Book.objects.filter(rating=2.5).count()


@step
def upsert() -> Any:
    authors = [Author(name="a1", email="u@v"), Author(name="fresh")]
    Author.objects.bulk_create(authors, update_conflicts=True, unique_fields=["name"], update_fields=["email"])
    Author.objects.bulk_create([Author(name="a1"), Author(name="other")], ignore_conflicts=True)
    return list(Author.objects.order_by("name").values_list("name", "email"))


@step
def upsert_with_keys() -> Any:
    authors = [Author(name="a1", email="k@l"), Author(name="keyed")]
    made = Author.objects.bulk_create(authors, update_conflicts=True, unique_fields=["name"], update_fields=["email"])
    return [author.pk is not None for author in made], list(Author.objects.order_by("name").values_list("name", "email"))


@step
def update_of_computed_values() -> Any:
    changed = Book.objects.filter(title__regex="^b1.$").update(title=Upper("title"), rating=F("pages") / 3.0)
    return changed, list(Book.objects.filter(title__startswith="B").order_by("title").values_list("title", "rating"))


@step
def update_by_a_subquery() -> Any:
    longest = Book.objects.filter(author=OuterRef("pk")).order_by("-pages").values("pages")[:1]
    Author.objects.filter(books__isnull=False).update(email=Concat(Cast(Subquery(longest), models.TextField()), Value(" pages")))
    return list(Author.objects.order_by("name").values_list("email", flat=True))


@step
def delete_by_a_pattern() -> Any:
    return Book.objects.filter(title__regex="^B1[0-3]$").delete()


@step
def select_for_update() -> Any:
    with transaction.atomic():
        return Book.objects.select_for_update().get(title="b1").title


@step
def json_values() -> Any:
    return list(Book.objects.order_by("id").values_list("meta__n", "meta")[:2])


@step
def dates() -> Any:
    months = Book.objects.annotate(month=TruncMonth("published")).values("month").annotate(n=Count("id")).order_by("month")
    return list(months), list(Book.objects.dates("published", "month"))


@step
def functions() -> Any:
    shown = Author.objects.annotate(shown=Concat("name", Value("-"), "email"), upper=Upper("name"))
    return list(shown.order_by("name").values_list("shown", "upper")), Book.objects.aggregate(n=Sum(Coalesce("pages", 0)))


@step
def distinct() -> Any:
    dearest = Book.objects.order_by("author__name", "-price").distinct("author__name").values_list("title", flat=True)
    return Book.objects.values("author").distinct().count(), list(dearest)


@step
def union() -> Any:
    both = Author.objects.filter(name="a1").union(Author.objects.filter(name="a2"))
    return both.count(), [author.name for author in both.order_by("name")]


@step
def iterator() -> Any:
    return sum(1 for _ in Book.objects.iterator(chunk_size=50))


@step
def raw() -> Any:
    return [author.name for author in Author.objects.raw("SELECT * FROM shop_author WHERE name = %s", ["a1"])]


@step
def delete() -> Any:
    return Author.objects.get(name="a2").delete()


@step
def violations() -> Any:
    author = Author.objects.get(name="a1")
    found = []
    for values in ({"price": -1}, {"price": 1, "title": "b1"}, {"price": 1, "title": None}, {"price": 1, "author_id": 10**6}):
        try:
            with transaction.atomic():
                Book.objects.create(**{"title": "v", "author": author, **values})
                connection.check_constraints()
        except IntegrityError as error:
            found.append(error.__cause__.sqlstate)
    return found


@step
def users() -> Any:
    User.objects.create_user("u", "e@x.y", "password").groups.add(Group.objects.create(name="g"))
    return User.objects.get(username="u").check_password("password"), User.objects.filter(groups__name="g").count()


@step
def sessions() -> Any:
    store = SessionStore()
    store["a"] = 1
    store.save()
    return SessionStore(store.session_key)["a"]


@step
def alter_models() -> Any:
    field = models.CharField(max_length=50, default="none")
    field.set_attributes_from_name("subtitle")
    with connection.schema_editor() as editor:
        editor.add_field(Book, field)
        editor.alter_field(Author, Author._meta.get_field("email"), _renamed("mail"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT subtitle FROM shop_book")
        return cursor.fetchall(), [
            column.name for column in connection.introspection.get_table_description(cursor, "shop_author")
        ]


def _renamed(name: str) -> models.Field:
    field = models.CharField(max_length=100, blank=True)
    field.set_attributes_from_name(name)
    field.model = Author
    return field


@step
def introspection() -> Any:
    with connection.cursor() as cursor:
        found = connection.introspection
        relations = found.get_relations(cursor, "shop_book")
        columns = {key: value["columns"] for key, value in found.get_constraints(cursor, "shop_book").items() if value["index"]}
        return relations, columns, found.get_sequences(cursor, "shop_book")


@step
def delete_models() -> Any:
    with connection.schema_editor() as editor:
        for model in reversed(MODELS):
            editor.delete_model(model)


report()
