namespace HybridMesh.Lab;

/// <summary>The Service users look the ingress address up in.</summary>
internal static class IngressGateway
{
    private const string Name = "istio-ingressgateway";

    /// <summary>Creates the Service; its ports follow the Gateway resources.</summary>
    public static void Create(ObjectStore dataPlane, AddressBlock block) => dataPlane.Update(
        "Service", GatewayService.Namespace, Name,
        existing => existing ?? GatewayService.New(Name, "ingressgateway", block.Service(0), block.Ingress));
}
