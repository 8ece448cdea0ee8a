using HybridMesh.LoadBenchmark;

return args switch
{
    ["serve", string port, ..] => await HelloServer.RunAsync(int.Parse(port, null), args is [_, _, "stall"]),
    ["drive", string uri, string connections, string seconds] =>
        await Driver.RunAsync(new Uri(uri), int.Parse(connections, null), int.Parse(seconds, null)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("serve <port> [stall] | drive <uri> <connections> <seconds>");
    return 2;
}
