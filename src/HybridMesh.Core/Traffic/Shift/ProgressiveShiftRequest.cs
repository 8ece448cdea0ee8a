namespace HybridMesh.Core;

/// <summary>A shift of traffic in steps.</summary>
public sealed record ProgressiveShiftRequest
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The VirtualService.</summary>
    public required string VirtualService { get; init; }

    /// <summary>The http route's name or place; null for the only one.</summary>
    public string? Route { get; init; }

    /// <summary>The steps.</summary>
    public required IReadOnlyList<ShiftStepRequest> Steps { get; init; }

    /// <summary>How each step is measured and judged.</summary>
    public required ShiftCheck Check { get; init; }

    /// <summary>Whether subsets without endpoints may get traffic.</summary>
    public bool Force { get; init; }
}

/// <summary>How each step of a shift is measured and judged.</summary>
public sealed record ShiftCheck
{
    /// <summary>What to send and how to tell versions; the split it expects is each step's.</summary>
    public required TrafficShiftRequest Measurement { get; init; }

    /// <summary>What each step must keep to.</summary>
    public ShiftLimits Limits { get; init; } = new();

    /// <summary>How long to wait until new weights are seen in force. The default is 30 s.</summary>
    public TimeSpan SettleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="MeshException">ArgumentInvalid.</exception>
    public void Validate()
    {
        Measurement.Validate();
        Limits.Validate(Measurement.Timeout);
        if (SettleTimeout < TimeSpan.Zero)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, "-SettleTimeout must not be below zero.", SettleTimeout);
        }
    }
}
