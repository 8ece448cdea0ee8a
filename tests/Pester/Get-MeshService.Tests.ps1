BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-service
    $manifest = Join-Path $TestDrive 'service.yaml'
    Set-Content $manifest @'
apiVersion: v1
kind: Service
metadata: { name: hello1-svc }
spec: { ports: [{ name: http, port: 8004, targetPort: 8001 }] }
'@
    $null = Publish-MeshManifest $manifest
}

AfterAll {
    $null = Remove-MeshManifest $manifest -Confirm:$false
    Disconnect-Mesh
}

Describe 'Get-MeshService' {
    It 'gives ClusterIP and typed ports' {
        $service = Get-MeshService hello1-svc

        $service.ClusterIP | Should -Match '^\d+\.\d+\.\d+\.\d+$'
        $service.Ports[0].Name | Should -Be http
        $service.Ports[0].Port | Should -Be 8004
        $service.Ports[0].TargetPort | Should -Be '8001'
    }

    It 'binds what other commands give' {
        (Get-MeshService | Get-MeshService).ServiceName | Should -Be hello1-svc
    }

    It 'says that a name does not exist' {
        { Get-MeshService nothing -ErrorAction Stop } | Should -Throw '*nothing*' -ErrorId 'ObjectNotFound,*'
    }
}
