using System.Text.Json.Serialization;

namespace HybridMesh.Core;

/// <summary>One destination of a route and its weight, as the VirtualService has them.</summary>
/// <param name="Host">The full name of the host.</param>
/// <param name="Subset">The subset; null for all of the host's endpoints.</param>
/// <param name="Weight">The weight, a proportion among the route's; 100 for a destination alone.</param>
public sealed record RouteWeight(string Host, string? Subset, int Weight)
{
    /// <summary>The subset, or the host's first label where there is none.</summary>
    [JsonIgnore]
    public string Name => Subset ?? Host.Split('.')[0];

    /// <summary>Whether both are the same destination, whatever their weights.</summary>
    public bool IsSame(RouteWeight other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Subset == other.Subset && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The destination and its weight, such as <c>v1 30</c>.</summary>
    public override string ToString() => $"{Name} {Weight.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
