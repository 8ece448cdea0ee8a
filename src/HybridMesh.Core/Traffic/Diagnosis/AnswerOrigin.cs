namespace HybridMesh.Core;

/// <summary>
/// Where answers of one kind come from, by the addresses they give. Equal ones are one object, so that counting them
/// costs a reference.
/// </summary>
internal sealed class AnswerOrigin
{
    /// <summary>The address of the first hop that is an endpoint of the measured host; null when none is.</summary>
    public string? Address { get; init; }

    /// <summary>How many hops lie before that one, or in all when there is none.</summary>
    public int HopsBefore { get; init; }

    /// <summary>How many hops the answer tells of.</summary>
    public int Hops { get; init; }

    /// <summary>Whether each hop gives the address of a pod or WorkloadEntry, so that nobody else took part.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The address of the hop before <see cref="Address"/>; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The chain in short, such as <c>Hello 10.0.0.1 &lt;- Hola 10.0.0.9</c>.</summary>
    public required string Chain { get; init; }
}
