BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/routes.ps1
    New-TestRoute -Namespace pester-set-shift
}

Describe 'Set-TrafficShift' {
    It 'sets one route, and says Unchanged the second time' {
        $weight = @{ v1 = 20; v2 = 70; v3 = 10 }

        (Set-TrafficShift routes-vs hello-route -Weight $weight).Action | Should -Be 'Updated'
        (Set-TrafficShift routes-vs hello-route -Weight $weight).Action | Should -Be 'Unchanged'
        (Get-TrafficShift routes-vs).Weights.Weight | Should -Be 20, 70, 10, 90, 5, 5
    }

    It 'changes nothing with -WhatIf' {
        Set-TrafficShift routes-vs bye-route -Weight @{ v3 = 100 } -WhatIf | Should -BeNullOrEmpty
        (Get-TrafficShift routes-vs bye-route).Weights.Weight | Should -Be 90, 5, 5
    }

    It 'refuses weights that leave a version open' {
        { Set-TrafficShift routes-vs bye-route -Weight @{ v2 = 5 } -ErrorAction Stop } |
            Should -Throw -ErrorId 'ArgumentInvalid,HybridMesh.Cmdlets.SetTrafficShiftCommand'
    }

    It 'takes routes from the pipeline' {
        $shifts = Get-TrafficShift routes-vs | Set-TrafficShift -Weight @{ v1 = 1; v2 = 1; v3 = 2 }

        $shifts.Route | Should -Be 'hello-route', 'bye-route'
        $shifts[1].Weights.Percent | Should -Be 25, 25, 50
        $shifts[1].PreviousWeights.Weight | Should -Be 90, 5, 5
    }
}
