using System.Globalization;

namespace HybridMesh.Core;

/// <summary>What a step of a progressive shift must keep to, besides its split.</summary>
public sealed record ShiftLimits
{
    /// <summary>The part of the requests that may fail, from 0 to 1. The default is 0.01.</summary>
    public double MaxErrorRate { get; init; } = 0.01;

    /// <summary>The time within which 99 % of the answers of each version come; null for no limit.</summary>
    public TimeSpan? MaxP99 { get; init; }

    /// <summary>
    /// How many times the slowest other version's 99th percentile that of a version that gains traffic may be; null for
    /// no limit.
    /// </summary>
    public double? MaxP99Ratio { get; init; }

    /// <summary>Refuses limits that mean nothing.</summary>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public void Validate(TimeSpan timeout)
    {
        if (MaxErrorRate is not (>= 0 and <= 1))
        {
            throw Invalid("-MaxErrorRate must be from 0% to 100%.", MaxErrorRate);
        }

        if (MaxP99 is { } most && (most <= TimeSpan.Zero || most >= timeout))
        {
            throw Invalid(
                $"-MaxP99 of {Seconds(most)} must be above zero and below the {Seconds(timeout)} that a request may "
                    + "take (-TimeoutSec), else it limits nothing; milliseconds are written 200ms.",
                most);
        }

        if (MaxP99Ratio is { } ratio && !(ratio > 0 && double.IsFinite(ratio)))
        {
            throw Invalid("-MaxP99Ratio must be above zero, such as 1.5.", ratio);
        }
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static MeshException Invalid(string message, object target) =>
        new(MeshErrorCode.ArgumentInvalid, message, target);
}
