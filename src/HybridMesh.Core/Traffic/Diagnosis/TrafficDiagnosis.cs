namespace HybridMesh.Core;

/// <summary>One cause of a wrong split, as far as the evidence goes.</summary>
public sealed record TrafficDiagnosis
{
    /// <summary>The cause.</summary>
    public required TrafficCause Cause { get; init; }

    /// <summary>The cause in a sentence that names the objects concerned.</summary>
    public required string Message { get; init; }

    /// <summary>What was looked at and speaks for it, a sentence each.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>The line that mends it, or shows it; null when there is none.</summary>
    public string? Command { get; init; }

    /// <summary>The cause and its sentence.</summary>
    public override string ToString() => $"{Cause}: {Message}";
}
