package com.opengrail.kafka.sse.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.settings.TopicRoleList;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicRolesTest {
    private static final TopicRoles ROLES = new TopicRoles(
            TopicRoleList.parse("pay.*=clerk,payroll=auditor,news=**,.*internal=admin,orders=clerk")::rolesOf);

    private static HttpServletRequest user(String name, String... roles) {
        HttpServletRequest request = mock(HttpServletRequest.class);
        Principal principal = () -> name;
        when(request.getUserPrincipal()).thenReturn(name == null ? null : principal);
        for (String role : roles) {
            when(request.isUserInRole(role)).thenReturn(true);
        }
        when(request.getParameterNames()).thenAnswer(call -> Collections.emptyEnumeration());
        return request;
    }

    @Test
    void shouldNeedOneOfTheRolesOfEachTopic() {
        assertTrue(ROLES.mayRead(user("ann", "clerk"), List.of("payroll", "payments", "public")));
        assertTrue(ROLES.mayRead(user("bob", "auditor"), List.of("payroll")));
        assertFalse(ROLES.mayRead(user("bob", "auditor"), List.of("payroll", "payments")));
        assertFalse(ROLES.mayRead(user(null), List.of("payroll")));
        assertTrue(ROLES.mayRead(user(null), List.of("public")));
        assertFalse(ROLES.mayRead(user("ann", "clerk"), List.of("_internal")));
    }

    @Test
    void shouldTakeTwoAsterisksForAnyUser() {
        assertTrue(ROLES.mayRead(user("ann"), List.of("news")));
        assertFalse(ROLES.mayRead(user(null), List.of("news")));
    }

    @Test
    void shouldRefuseATopicHoweverItIsNamed() {
        RequestRules rules = Requests.rules(ClientFilters.REGEX, ROLES);
        HttpServletRequest byPath = user("eve");
        when(byPath.getPathInfo()).thenReturn("/public,payroll");
        HttpServletRequest byParameter = user("eve");
        when(byParameter.getParameterValues("topic")).thenReturn(new String[] {"payroll"});
        when(byParameter.getParameter("topic")).thenReturn("payroll");
        CallOptions byRequest = new CallOptions(StreamOptions.defaults(), true);
        assertForbidden(byPath, byRequest, rules);
        assertForbidden(byParameter, byRequest, rules);
        assertForbidden(byParameter, new CallOptions(StreamOptions.defaults(), false), rules);
        assertForbidden(user("eve"), byRequest, rules);
        assertForbidden(user("eve"), Requests.byCode(List.of("payroll")), rules);
    }

    @Test
    void shouldNameTheTopicToAClientThatHasNamedItItself() {
        HttpServletRequest request = user("eve");
        when(request.getRequestURI()).thenReturn("/app/streams/payroll");
        assertEquals(
                "403 topic 'payroll' is not allowed",
                Requests.refused(
                        request, Requests.byCode(List.of("payroll")), Requests.rules(ClientFilters.REGEX, ROLES)));
    }

    /** A servlet is often mapped to the name of what it streams. */
    @Test
    void shouldNotNameATopicThatTheRequestHasInItsUrlByCoincidence() {
        RequestRules rules = Requests.rules(ClientFilters.REGEX, ROLES);
        HttpServletRequest ofDefaults = user("eve");
        when(ofDefaults.getRequestURI()).thenReturn("/shop/orders");
        assertForbidden(ofDefaults, new CallOptions(StreamOptions.defaults(), true), rules);
        CallOptions ofCode = Requests.byCode(List.of("payroll"));
        HttpServletRequest ofLongerName = user("eve");
        when(ofLongerName.getRequestURI()).thenReturn("/shop/payrolls");
        when(ofLongerName.getQueryString()).thenReturn("for=my-payroll");
        assertForbidden(ofLongerName, ofCode, rules);
    }

    private static void assertForbidden(HttpServletRequest request, CallOptions call, RequestRules rules) {
        assertEquals("403 The topic is not allowed", Requests.refused(request, call, rules));
    }
}
