namespace HybridMesh.Lab;

/// <summary>What a server does with fields it does not know.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>The query of a writing call.</summary>
internal sealed record WriteOptions(bool DryRun, string Manager, bool Force, FieldValidation Validation)
{
    public static WriteOptions Parse(ApiCall call, string optionsKind, bool apply)
    {
        string? manager = call.Text("fieldManager");
        List<StatusCause> causes = [.. CheckDryRun([.. call.Query["dryRun"]]), .. CheckManager(manager, apply)];
        if (call.Has("force") && !apply)
        {
            causes.Add(new("FieldValueForbidden", "Forbidden: may not be specified for non-apply patch", "force"));
        }

        string? validation = call.Text("fieldValidation");
        if (validation is not (null or "Ignore" or "Warn" or "Strict"))
        {
            causes.Add(FieldError.Unsupported("fieldValidation", validation, "", "Ignore", "Strict", "Warn"));
        }

        if (causes.Count > 0)
        {
            throw ApiException.Invalid("meta.k8s.io", optionsKind, "", causes);
        }

        return new WriteOptions(
            call.Has("dryRun"), manager ?? ManagerOf(call.Http), call.Flag("force"),
            Enum.TryParse(validation, out FieldValidation parsed) ? parsed : FieldValidation.Warn);
    }

    public static IEnumerable<StatusCause> CheckDryRun(IReadOnlyList<string?> values)
    {
        if (values.Any(value => value != "All"))
        {
            yield return FieldError.Unsupported("dryRun", string.Join(',', values), "All");
        }
    }

    private static IEnumerable<StatusCause> CheckManager(string? manager, bool apply)
    {
        if (manager is null && apply)
        {
            yield return FieldError.Required("fieldManager", "is required for apply patch");
        }
        else if (manager?.Length > 128)
        {
            yield return new("FieldValueTooLong", "Too long: may not be more than 128 bytes", "fieldManager");
        }
        else if (manager?.Any(char.IsControl) == true)
        {
            yield return FieldError.Invalid("fieldManager", manager, "should only contain printable characters");
        }
    }

    /// <summary>The user agent up to the slash, as the server names writers who don't name themselves.</summary>
    private static string ManagerOf(HttpContext http)
    {
        string agent = http.Request.Headers.UserAgent.ToString().Split('/')[0];
        return agent.Length == 0 ? "unknown" : agent[..Math.Min(agent.Length, 128)];
    }
}
