BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/routes.ps1
    New-TestRoute -Namespace pester-get-shift
}

Describe 'Get-TrafficShift' {
    It 'gives a route per object, with weights and endpoints' {
        $shifts = Get-TrafficShift routes-vs

        $shifts | Should -HaveCount 2
        $shifts[0] | Should -BeOfType ([HybridMesh.Core.TrafficShift])
        $shifts.Route | Should -Be 'hello-route', 'bye-route'
        $shifts[0].Weights.Version | Should -Be 'v1', 'v2', 'v3'
        $shifts[0].Weights.Weight | Should -Be 30, 60, 10
        $shifts[0].Weights.Endpoints | Should -Be 1, 1, 1
    }

    It 'takes wildcards and places' {
        (Get-TrafficShift routes-* bye*).RouteIndex | Should -Be 1
        (Get-TrafficShift routes-vs 1).Route | Should -Be 'bye-route'
    }

    It 'names what is not there' {
        { Get-TrafficShift no-such-vs -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,HybridMesh.Cmdlets.GetTrafficShiftCommand'
    }

    It 'becomes JSON with its weights' {
        (Get-TrafficShift routes-vs hello-route | ConvertTo-Json -Depth 4 | ConvertFrom-Json).Weights[1].Percent | Should -Be 60
    }
}
