namespace HybridMesh.Core;

/// <summary>A report to write.</summary>
public sealed record MeshReportRequest
{
    /// <summary>The title when none is given.</summary>
    public const string UsualTitle = "Service mesh report";

    /// <summary>The file to write.</summary>
    public required string Path { get; init; }

    /// <summary>The page's title.</summary>
    public string Title { get; init; } = UsualTitle;

    /// <summary>Whether a file that is there already is left as it is.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Whether a file that is write-protected is replaced too.</summary>
    public bool Force { get; init; }
}
