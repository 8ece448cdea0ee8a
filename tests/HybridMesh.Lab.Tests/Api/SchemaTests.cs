namespace HybridMesh.Lab.Tests;

/// <summary>The notation of the .schema files, and that each kind has one.</summary>
public sealed class SchemaTests
{
    private const string Meta = "shape ObjectMeta\n  name string\n";

    public static TheoryData<string> Kinds() =>
        [.. ResourceTypes.DataPlane.Concat(ResourceTypes.ControlPlane).Select(type => type.Kind).Distinct()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EachKind_HasASchemaWithItsMetadata(string kind)
    {
        ResourceType type = ResourceTypes.DataPlane.Concat(ResourceTypes.ControlPlane).First(one => one.Kind == kind);
        SchemaNode schema = SchemaCatalog.Shared.Of(type);
        Assert.Equal("string", schema.Field("apiVersion")!.Type);
        Assert.Equal(["uid"], schema.Field("metadata")!.Field("ownerReferences")!.Keys);
        Assert.Null(schema.Field("metadata")!.Field("colour"));
    }

    [Fact]
    public void Notation_SaysTypesListsAndRules()
    {
        SchemaNode kind = Parse("""
            kind K
              - some of one two
              one!    string in A B
              two     list nonempty of object
                three port
              keyed   list by id of Item
                extra bool
              set     set of string
              map     atomic map of int 0..9
              loose   loose

            # A shape may come after its use.
            shape Item
              id      string default x
            """);
        Assert.Equal(["one"], kind.Required);
        Assert.Equal(["A", "B"], kind.Field("one")!.Allowed);
        Assert.Equal(["one", "two"], Assert.Single(kind.Choices).Names);
        Assert.Equal(1, kind.Field("two")!.MinItems);
        Assert.Equal(65535, kind.Field("two")!.Items!.Field("three")!.Maximum);
        Assert.Equal(ListKind.Map, kind.Field("keyed")!.ListKind);
        Assert.Equal("x", (string?)kind.Field("keyed")!.Items!.Field("id")!.Default);
        Assert.True(kind.Field("keyed")!.Items!.Declares("extra"));
        Assert.Equal(ListKind.Set, kind.Field("set")!.ListKind);
        Assert.True(kind.Field("map")!.AtomicMap);
        Assert.Equal(9, kind.Field("map")!.AdditionalProperties!.Maximum);
        Assert.Same(SchemaNode.Any, kind.Field("loose")!.Field("whatever"));
    }

    [Theory]
    [InlineData("kind K\n  a text", "test:4: \"a text\" has no type: \"text\" is none.")]
    [InlineData("kind K\n  a Missing", "names Missing, which no file describes")]
    [InlineData("kind K\n  a string\n  a int", "is there already")]
    [InlineData("kind K\n  a list by b of object\n    c int", "is keyed by b, which its items lack")]
    [InlineData("kind K\n  a string\n    b string", "has fields below")]
    [InlineData("kind K\n  a int much", "has \"much\" too many")]
    [InlineData("kind K\n  - all of a b", "is no rule the lab knows")]
    [InlineData("kind K\n    a string\n  b string", "is indented unlike the lines before it")]
    [InlineData("kind K\n  a A\nshape A\n  b B\nshape B\n  a A", "contains itself")]
    [InlineData("a string", "begins neither a kind nor a shape")]
    public void Mistake_IsNamedWithItsLine(string text, string because)
    {
        FormatException failure = Assert.Throws<FormatException>(() => Parse(text));
        Assert.Contains(because, failure.Message, StringComparison.Ordinal);
    }

    private static SchemaNode Parse(string text)
    {
        using StringReader reader = new(Meta + text);
        return new SchemaParser(SchemaLine.Read("test", reader)).Kinds()["K"];
    }
}
