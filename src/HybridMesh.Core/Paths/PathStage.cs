namespace HybridMesh.Core;

/// <summary>The stages of a path, in the order they are passed.</summary>
public enum PathStage
{
    /// <summary>The host's name has no address there.</summary>
    Resolve,
    /// <summary>/etc/hosts gives the name another address than its Service's ClusterIP.</summary>
    HostsShadow,
    /// <summary>No connection could be made to the address.</summary>
    Connect,
    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    Tls,
    /// <summary>No HTTP answer came, or one with a status other than 2xx.</summary>
    Http,
    /// <summary>The answer came over as many hops as expected, but one is of another version.</summary>
    Version,
    /// <summary>The answer came over another number of hops than expected.</summary>
    Chain,
}
