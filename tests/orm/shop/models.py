"""The models of django_steps.py."""

from django.db import models


class Author(models.Model):
    name = models.CharField(max_length=100, unique=True)
    email = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)


class Tag(models.Model):
    name = models.SlugField()


class Book(models.Model):
    title = models.CharField(max_length=200, db_index=True)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    price = models.DecimalField(max_digits=8, decimal_places=2)
    pages = models.IntegerField(null=True)
    rating = models.FloatField(default=0)
    published = models.DateField(null=True)
    meta = models.JSONField(null=True)
    tags = models.ManyToManyField(Tag)
    uid = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(price__gte=0), name="price_positive"),
            models.UniqueConstraint(fields=["title", "author"], name="unique_title"),
        )
        indexes = (models.Index(fields=["author", "-price"], name="author_price"),)
