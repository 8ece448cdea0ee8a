namespace HybridMesh.Core;

/// <summary>A token that the API server issued for a service account.</summary>
/// <param name="Token">The JWT.</param>
/// <param name="Expires">When it ends.</param>
public sealed record ServiceAccountToken(string Token, DateTimeOffset Expires)
{
    /// <summary>Hides the token.</summary>
    public override string ToString() => $"token until {Expires:u}";
}
