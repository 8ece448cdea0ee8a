namespace HybridMesh.Core;

/// <summary>Names objects in messages.</summary>
public static class ObjectName
{
    /// <summary><c>Service ns/name</c>, or <c>Namespace name</c> for a kind without namespace.</summary>
    public static string Of(string kind, string? ns, string name) =>
        string.IsNullOrEmpty(ns) ? $"{kind} {name}" : $"{kind} {ns}/{name}";
}
