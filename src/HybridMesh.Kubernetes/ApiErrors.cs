using System.Net;
using System.Text.RegularExpressions;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>Tells an API server's refusals in the user's words.</summary>
internal sealed partial class ApiErrors(Uri server, string context)
{
    /// <summary>The server as messages name it.</summary>
    public string Place => $"{server} (context '{context}')";

    /// <summary>The error for an answer that is no success.</summary>
    public MeshException From(HttpStatusCode code, string? body, ApiCall call)
    {
        ApiStatus? status = ApiStatus.Parse(body);
        string said = (status?.Message ?? body ?? "").Trim() is { Length: > 0 } text
            ? Shorten(text) : $"HTTP {(int)code}";
        return code switch
        {
            HttpStatusCode.Unauthorized => new MeshException(
                MeshErrorCode.Unauthorized,
                $"The API server {Place} does not know who asks (401): the credentials of this context are wrong or "
                + "have expired. Get a fresh kubeconfig, or sign in again if it uses a login plugin, and run "
                + "Connect-Mesh."),
            HttpStatusCode.Forbidden => Forbidden(said, call),
            HttpStatusCode.NotFound => NotFound(status, said, call),
            HttpStatusCode.MethodNotAllowed => new MeshException(
                MeshErrorCode.KindNotServed, $"{Place} does not let anyone {call.Verb} {call.Resource}: {said}"),
            HttpStatusCode.Conflict when status?.Reason == "AlreadyExists" => new MeshException(
                MeshErrorCode.ObjectExists, $"{call.Subject} exists already at {Place}."),
            HttpStatusCode.Conflict => Conflict(status, said, call),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.RequestEntityTooLarge => Invalid(status, said, call),
            HttpStatusCode.InternalServerError when IsRefusedContent(body) => Invalid(status, said, call),
            HttpStatusCode.TooManyRequests => new MeshException(
                MeshErrorCode.ApiUnavailable,
                $"The API server {Place} kept throttling: {said} Try again later, or with a lower -ThrottleLimit."),
            >= HttpStatusCode.InternalServerError => new MeshException(
                MeshErrorCode.ApiUnavailable,
                $"The API server {Place} failed to {call.Verb} {call.Subject} ({(int)code}), again after retries: "
                    + $"{said}"),
            _ => new MeshException(
                MeshErrorCode.Unspecified, $"{Place} answered {(int)code} to {call.Verb} {call.Subject}: {said}"),
        };
    }

    /// <summary>The error for a server that could not be talked to.</summary>
    public MeshException Unreachable(Exception cause)
    {
        Exception root = cause;
        while (root.InnerException is not null)
        {
            root = root.InnerException;
        }

        // The TLS layer's own words are about policies and chains; the cure is in the kubeconfig.
        string reason = cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            ? $"its certificate is not trusted or the TLS handshake failed ({Shorten(root.Message)}). Check "
                + "certificate-authority-data and the server's host name in the kubeconfig."
            : $"{Shorten(root.Message).TrimEnd('.')}. Check that the cluster is up, that the kubeconfig names the "
                + "right server, and that this machine's network and proxy lead to it.";
        return new MeshException(
            MeshErrorCode.ApiUnreachable, $"The API server {Place} can't be reached: {reason}", null, cause);
    }

    private MeshException Forbidden(string said, ApiCall call)
    {
        Match denied = Denied().Match(said);
        if (!denied.Success)
        {
            // Quotas, namespaces being deleted and admission plugins say Forbidden too; rights would not help there.
            return new MeshException(
                MeshErrorCode.Forbidden, $"{Place} refuses to {call.Verb} {call.Subject}: {said}");
        }

        string where = call.Namespace is null ? "in the cluster" : $"in namespace {call.Namespace}";
        string group = call.Kind is { Group.Length: > 0 } kind ? kind.Group : "\"\"";
        string resource = call.Kind is null ? call.Resource
            : call.Kind.Plural + (call.Subresource is null ? "" : "/" + call.Subresource);
        return new MeshException(
            MeshErrorCode.Forbidden,
            $"{denied.Groups["user"].Value} may not {denied.Groups["verb"].Value} {call.Resource} {where} at "
                + $"{Place}. Ask "
            + $"for a Role with apiGroups [{group}], resources [{resource}], verbs [{denied.Groups["verb"].Value}].");
    }

    private MeshException NotFound(ApiStatus? status, string said, ApiCall call)
    {
        if (status?.DetailsKind == "namespaces" && call.Kind != KubernetesKind.Namespace)
        {
            return new MeshException(
                MeshErrorCode.ObjectNotFound,
                $"Namespace {status.DetailsName} does not exist at {Place}; create it first (kubectl create namespace "
                + $"{status.DetailsName}, or publish a Namespace manifest).");
        }

        return IsObject(status)
            ? new MeshException(MeshErrorCode.ObjectNotFound, $"{call.Subject} does not exist at {Place}.")
            : new MeshException(MeshErrorCode.KindNotServed, $"{Place} does not serve {call.Resource}: {said}");
    }

    /// <summary>Whether a 404 is about an object; without details it is about the kind's whole path.</summary>
    public static bool IsObject(ApiStatus? status) => !string.IsNullOrEmpty(status?.DetailsName);

    /// <summary>
    /// Whether a 500 is really about the object: server-side apply says so of fields the schema does not declare, and
    /// sending them again would not help.
    /// </summary>
    public static bool IsRefusedContent(string? body) =>
        body?.Contains("failed to create typed patch object", StringComparison.Ordinal) ?? false;

    /// <summary>Whether a 409 is about fields another manager owns, which sending again would not change.</summary>
    public static bool IsFieldConflict(string? body) =>
        body?.Contains("FieldManagerConflict", StringComparison.Ordinal) ?? false;

    private MeshException Conflict(ApiStatus? status, string said, ApiCall call)
    {
        List<string> fields = [.. (status?.Causes ?? [])
            .Where(cause => cause.Reason == "FieldManagerConflict")
            .Select(cause => $"{cause.Field} belongs to {Manager().Match(cause.Message ?? "") switch
            {
                { Success: true } match => $"'{match.Groups["name"].Value}'",
                _ => cause.Message,
            }}")];
        return new MeshException(
            MeshErrorCode.Conflict,
            fields.Count > 0
                ? $"{call.Subject} at {Place} has fields of other writers: {string.Join("; ", fields)}."
                : $"{call.Subject} at {Place} was changed by another writer meanwhile: {said}");
    }

    private MeshException Invalid(ApiStatus? status, string said, ApiCall call)
    {
        List<string> causes = [.. (status?.Causes ?? [])
            .Where(cause => !string.IsNullOrEmpty(cause.Field))
            .Select(cause => $"{cause.Field}: {cause.Message}")];
        return new MeshException(
            MeshErrorCode.ObjectInvalid,
            $"{Place} refuses {call.Subject}: {(causes.Count > 0 ? string.Join("; ", causes) : said)}");
    }

    private static string Shorten(string text) => text.Length <= 1000 ? text : text[..1000] + "...";

    [GeneratedRegex("""(?<user>User ".*?") cannot (?<verb>\S+) resource """)]
    private static partial Regex Denied();

    [GeneratedRegex("""conflict with "(?<name>[^"]+)""")]
    private static partial Regex Manager();
}
