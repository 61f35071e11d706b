package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Beans;
import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class KafkaSseRegistrationTest {
    private final List<KafkaSseRegistration> registrations = new ArrayList<>();

    @AfterEach
    void unregister() {
        registrations.forEach(KafkaSseRegistration::close);
    }

    private KafkaSseRegistration register(String contextPath, String name) {
        KafkaSseRegistration registration = new KafkaSseRegistration();
        registrations.add(registration);
        registration.registerMBean(Mockito.mock(KafkaSseMXBean.class), contextPath, name);
        return registration;
    }

    @Test
    void shouldNameTheRootAsTomcatDoes() {
        register("", "events");
        assertEquals(Set.of("context=/,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldQuoteOnlyWhatHasToBeQuoted() {
        register("/shop/eu-1", "all events");
        register("/a*b", "c=d,\"e\"?\nf:");
        assertEquals(
                Set.of(
                        "context=/shop/eu-1,name=all events,type=KafkaSse",
                        "context=\"/a\\*b\",name=\"c=d,\\\"e\\\"\\?\\nf:\",type=KafkaSse"),
                Beans.names());
    }

    @Test
    void shouldNumberASecondBeanOfTheSameNameAndTakeOutItsOwnOnly() {
        KafkaSseRegistration first = register("/shop", "events");
        KafkaSseRegistration second = register("/shop", "events");
        register("/shop", "events");
        assertEquals(
                Set.of(
                        "context=/shop,name=events,type=KafkaSse",
                        "context=/shop,instance=2,name=events,type=KafkaSse",
                        "context=/shop,instance=3,name=events,type=KafkaSse"),
                Beans.names());
        first.close();
        first.close();
        second.close();
        assertEquals(Set.of("context=/shop,instance=3,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldNotShowAnEngineThatIsClosed() {
        ServletContext application = application();
        KafkaSse closed = KafkaSse.builder().build();
        closed.close();
        closed.register(application, "events");
        assertEquals(List.of(), KafkaSseRegistration.enginesOf(application));
        assertEquals(Set.of(), Beans.names());
    }

    /** A servlet and a filter may have the same name. Health must see both. */
    @Test
    void shouldKeepEnginesOfTheSameNameApart() {
        ServletContext application = application();
        KafkaSse ofServlet = KafkaSse.builder().build();
        try (KafkaSse ofFilter = KafkaSse.builder().build()) {
            ofServlet.register(application, "events");
            ofFilter.register(application, "events");
            assertEquals(List.of(ofServlet, ofFilter), KafkaSseRegistration.enginesOf(application));
            ofServlet.close();
            assertEquals(List.of(ofFilter), KafkaSseRegistration.enginesOf(application));
        }
        assertEquals(List.of(), KafkaSseRegistration.enginesOf(application));
    }

    /** A listener of the application is called when its attribute is removed. */
    @Test
    void shouldLeaveNothingBehindIfAListenerOfTheApplicationFails() {
        ServletContext application = application();
        IllegalStateException failure = new IllegalStateException("for the test");
        Mockito.doThrow(failure).when(application).removeAttribute(Mockito.any());
        KafkaSse engine = KafkaSse.builder().name("listened-to").build();
        engine.register(application, "events");
        assertSame(failure, assertThrows(IllegalStateException.class, engine::close));
        assertEquals(Set.of(), Beans.names());
        KafkaSse ofSameName = KafkaSse.builder().name("listened-to").build();
        ofSameName.close();
    }

    private static ServletContext application() {
        Map<String, Object> attributes = new TreeMap<>();
        ServletContext application = Mockito.mock(ServletContext.class);
        Mockito.when(application.getContextPath()).thenReturn("/shop");
        Mockito.when(application.getAttribute(Mockito.any())).then(call -> attributes.get(call.getArgument(0)));
        Mockito.when(application.getAttributeNames()).then(call -> Collections.enumeration(attributes.keySet()));
        Mockito.doAnswer(call -> attributes.put(call.getArgument(0), call.getArgument(1)))
                .when(application)
                .setAttribute(Mockito.any(), Mockito.any());
        Mockito.doAnswer(call -> attributes.remove(call.getArgument(0)))
                .when(application)
                .removeAttribute(Mockito.any());
        return application;
    }

    @Test
    void shouldDescribeEachAttributeWithItsUnit() throws Exception {
        register("", "events");
        ObjectName name = Beans.only().name();
        MBeanAttributeInfo[] attributes =
                ManagementFactory.getPlatformMBeanServer().getMBeanInfo(name).getAttributes();
        assertTrue(attributes.length >= 16, () -> attributes.length + " attributes");
        for (MBeanAttributeInfo attribute : attributes) {
            assertNotNull(attribute.getDescriptor().getFieldValue("units"), attribute.getName());
            assertTrue(attribute.getDescription().matches("[A-Z][^\\[]{10,} \\[[a-z]+]"), attribute.getDescription());
            assertFalse(attribute.isWritable(), attribute.getName());
        }
    }
}
