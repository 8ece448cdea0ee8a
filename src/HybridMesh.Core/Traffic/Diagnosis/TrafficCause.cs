namespace HybridMesh.Core;

/// <summary>Why a split is not as expected.</summary>
public enum TrafficCause
{
    /// <summary>Nothing that was looked at explains it.</summary>
    Unknown,
    /// <summary>A destination with a weight has no endpoint: the mesh answers its share with errors.</summary>
    SubsetWithoutEndpoints,
    /// <summary>The VirtualService does not take these requests: its hosts or gateways are others.</summary>
    HostNotMatched,
    /// <summary>The port's protocol is not HTTP to the mesh, which then ignores http routes and their
    /// weights.</summary>
    PortProtocol,
    /// <summary>Requests of one connection go to the version that the connection was given at first.</summary>
    StickyConnection,
    /// <summary>The endpoints share the requests as if the route had no weights.</summary>
    WeightsNotInForce,
    /// <summary>WorkloadEntries' weights, which count among the endpoints of one destination, decide the
    /// split.</summary>
    EndpointWeightSkew,
    /// <summary>A version answers that should not, or under the label of another.</summary>
    AnotherVersion,
    /// <summary>Answers come from apps before the measured host: such requests never reach it.</summary>
    NeverReached,
    /// <summary>The route's own weights arrive; other shares were expected.</summary>
    ExpectedOtherwise,
    /// <summary>Another route of the VirtualService takes the requests.</summary>
    AnotherRoute,
}
