namespace HybridMesh.Lab;

/// <summary>A kind of object an API server of the lab serves; versions newest (preferred) first.</summary>
public sealed record ResourceType(
    string Group, IReadOnlyList<string> Versions, string Kind, string Plural, string Singular, bool Namespaced,
    params string[] ShortNames)
{
    public bool HasStatus { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>
    /// Defined by a CustomResourceDefinition: such kinds differ from the built-in ones in many small ways.
    /// </summary>
    public bool IsCustom => Group.Contains('.', StringComparison.Ordinal);

    /// <summary>The apiVersion objects are stored in.</summary>
    public string StoredApiVersion => ApiVersion(Versions[0]);

    /// <summary>The name in messages and rules: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The kind in messages: <c>Pod</c>, <c>Deployment.apps</c>.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string ApiVersion(string version) => Group.Length == 0 ? version : $"{Group}/{version}";
}
