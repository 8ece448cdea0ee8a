namespace HybridMesh.Lab;

/// <summary>The schemas of all kinds, from the embedded .schema files (see README.md beside them).</summary>
internal sealed class SchemaCatalog
{
    private const string Suffix = ".schema";
    private static readonly Lazy<SchemaCatalog> Loaded = new(() => new SchemaCatalog());
    private readonly IReadOnlyDictionary<string, SchemaNode> _kinds = new SchemaParser(Lines()).Kinds();

    private SchemaCatalog()
    {
    }

    public static SchemaCatalog Shared => Loaded.Value;

    public SchemaNode Of(ResourceType type) => _kinds[type.Kind];

    private static IEnumerable<SchemaLine> Lines() => typeof(SchemaCatalog).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).SelectMany(Read);

    private static IReadOnlyList<SchemaLine> Read(string name)
    {
        using Stream stream = typeof(SchemaCatalog).Assembly.GetManifestResourceStream(name)!;
        using StreamReader text = new(stream);
        return SchemaLine.Read(name, text);
    }
}
