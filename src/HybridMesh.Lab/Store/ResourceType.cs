namespace HybridMesh.Lab;

/// <summary>A kind of object an API server of the lab serves; versions newest (preferred) first.</summary>
public sealed record ResourceType(
    string Group, IReadOnlyList<string> Versions, string Kind, string Plural, string Singular, bool Namespaced,
    params string[] ShortNames)
{
    public bool HasStatus { get; init; }
}
