using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>Words errors of the ASM API for users: what failed, what the service said, what to do.</summary>
internal sealed class AsmFailures(Uri endpoint, SecretRedactor redactor)
{
    private static readonly string[] VmOperations = ["AddVmAppToMesh", "RemoveVmAppFromMesh"];

    public MeshException Unreachable(AsmCall call, Exception error) => new(
        MeshErrorCode.ApiUnreachable,
        $"The ASM API at {endpoint} can't be reached for {call.Action}: "
        + (error is OperationCanceledException ? "no answer in time." : redactor.Redact(error.Message)),
        call.Target, error);

    public MeshException Refused(AsmCall call, AsmAnswer answer, int retries)
    {
        if (answer.Code == "InvalidAction.NotFound")
        {
            return new MeshException(
                MeshErrorCode.AsmOperationWithdrawn,
                $"The ASM API at {endpoint} no longer offers {call.Action} (InvalidAction.NotFound). "
                + (VmOperations.Contains(call.Action)
                    ? "Use -Provider Istio: it writes the same objects through the Kubernetes APIs."
                    : "Get the mesh's kubeconfig from the console and give it to Connect-Mesh -MeshKubeconfig."),
                call.Target);
        }

        string after = retries > 0 ? $" after {retries + 1} attempts" : "";
        string request = answer.RequestId is string id ? $" (request {id})" : "";
        return new MeshException(
            MeshErrorCode.AsmApiError,
            $"The ASM API refused {call.Action}{after} with {redactor.Redact(answer.Code)}: {Said(answer)}{request}"
            + Remedy(answer.Code),
            call.Target);
    }

    // Behind its first sentence the message quotes the whole request, which helps no one and holds every parameter.
    private string Said(AsmAnswer answer) => answer.Code == "SignatureDoesNotMatch"
        ? "the signature does not match."
        : redactor.Redact(answer.Message);

    private static string Remedy(string code) => code switch
    {
        "SignatureDoesNotMatch" => " Check the AccessKeySecret of the profile or environment in use.",
        "InvalidTimeStamp.Expired" => " Check this computer's clock.",
        "ServiceMesh.NotFound" => " Check -MeshId, and that the credentials are of the account that owns the mesh.",
        "Forbidden.RAM" or "NoPermission" or "StatusForbidden" =>
            " The RAM user needs the action on the mesh, and an RBAC role in it.",
        _ when code.StartsWith("InvalidAccessKeyId", StringComparison.Ordinal)
            || code.StartsWith("Forbidden.AccessKey", StringComparison.Ordinal) =>
            " The access key does not exist or is disabled; check the profile or environment in use.",
        _ when code.StartsWith("InvalidSecurityToken", StringComparison.Ordinal) =>
            " The session token is not valid any more; sign in again.",
        _ => "",
    };
}
